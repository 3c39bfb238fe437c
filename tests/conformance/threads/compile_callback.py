# needs: memory
# Callbacks run while a program compiles: they collect, and change what the program's names mean.
import gc
import micropython

seen = []


def callback(n):
    gc.collect()
    seen.append([n + n, str(n) * 3])
    globals()["made"] = lambda x: (x, n)
    if n < 40:
        micropython.schedule(callback, n + 1)


lines = []
for i in range(120):
    lines.append("def g%d(x, y=%d):" % (i, i))
    lines.append("    return [x + y, 'a string that is no name %d', %d.25, 98765432109876543210]" % (i, i))
text = "\n".join(lines) + "\nanswer = [g(3) for g in (g0, g5, g119)]\n"

micropython.schedule(callback, 0)
code = compile(text, "text", "exec")
exec(code)
for a in answer:
    print(a)
while len(seen) < 41:
    pass
print(seen[0], seen[-1], made(5))

# Bad programs are refused at the right place whatever else happens.
micropython.schedule(callback, 39)
try:
    compile(text + "def (:\n", "text", "exec")
except SyntaxError as e:
    print("SyntaxError", e.lineno if hasattr(e, "lineno") else None)
