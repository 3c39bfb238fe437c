# needs: memory
# Long natives while other tasks run: classes of many members, names of objects, long ints as text, folded constants.
import _thread
import time

results = {}
done = [True] + [False] * 3


def found_by(k):
    found = []
    for turn in range(3):
        members = {"name%d" % i: i * k for i in range(200)}
        members["__init__"] = lambda self, v: setattr(self, "v", v)
        C = type("C%d" % k, (), members)
        found.append([n for n in dir(C) if n[:4] == "name"] == sorted("name%d" % i for i in range(200)))
        c = C(k)
        found.append((c.v, C.name199, len([n for n in dir(c) if n == "v"])))
        big = (1 << 5000) // (k + 6)
        text = "%d" % big
        found.append((len(text), text[:10], text[-10:], text == str(big), int(text) == big))
        found.append(("%040x" % big)[:20] + "{:>2000}".format(big)[-5:] + "{:,}".format(big)[:9])
        found.append(eval(" + ".join([str(i) + "." + str(k) for i in range(300)])))
    return found


def work(k):
    try:
        results[k] = found_by(k)
    finally:
        done[k] = True


for k in (1, 2):
    _thread.start_new_thread(work, (k,))
work(3)
while not all(done):
    time.sleep(0.001)
for k in (1, 2, 3):
    print(k, results[k])
