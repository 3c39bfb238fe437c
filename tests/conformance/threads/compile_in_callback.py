# needs: memory
# Callbacks run while a program compiles: they compile too, collect, and change what the program's names mean.
import gc
import micropython

seen = []


def callback(n):
    gc.collect()
    seen.append(eval("%d + %d" % (n, n)))
    exec("def made(x):\n    '''some text that is no name'''\n    return x, 'a string of the callback', 1.5\n", globals())
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
