# needs: memory
# Several tasks compile at a time: each gets the code of its own program, errors and all.
import _thread
import time

results = {}
done = [True] + [False] * 4


def program(k, n):
    lines = ["total = 0"]
    for i in range(n):
        lines.append("def f%d_%d(a, b=%d, *rest, **more):" % (k, i, i * k))
        lines.append("    '''text of %d, long enough to be no name'''" % i)
        lines.append("    table = {'key%d': [a, b, %d.5, 12345678901234567890 + %d], %d: (1, 2, %d, b'by')}" % (i, i, i, i, i))
        lines.append("    return f'{a}-{b + %d}' + str(table[%d][3]) + str(len(table['key%d']))" % (i, i, i))
        lines.append("total += len(f%d_%d(%d))" % (k, i, i))
    return "\n".join(lines) + "\n"


def found_by(k):
    found = []
    for n in (1, 7, 23):
        space = {}
        text = program(k, n)
        exec(compile(text, "program%d" % k, "exec"), space)
        found.append(space["total"])
        found.append(eval("(" + "%d + " % k * 60 + "0)"))
        try:
            compile(text + "def broken(:\n", "program%d" % k, "exec")
        except SyntaxError:
            found.append("refused")
        garbage = [[i] for i in range(50)]
    return found


def work(k):
    try:
        results[k] = found_by(k)
    finally:
        done[k] = True


for k in (1, 2, 3):
    _thread.start_new_thread(work, (k,))
work(4)
while not all(done):
    time.sleep(0.001)
for k in (1, 2, 3, 4):
    print(k, results[k])
