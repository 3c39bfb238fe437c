# Threads that compute share the time; one that sleeps is not kept from waking; exceptions end one thread alone.
import _thread
import time

stop = False
counts = [0, 0, 0]
ended = [False] * 3


def spin(i):
    try:
        while not stop:
            counts[i] += 1
    finally:
        ended[i] = True


for i in range(3):
    _thread.start_new_thread(spin, (i,))
# The machine may pause at one time, not at each; and it may be busy.
for _ in range(20):
    t = time.time_ns()
    for _ in range(5):
        time.sleep(0.05)
    d = (time.time_ns() - t) / 1e9
    if all(counts) and 0.2 < d < 3:
        break
stop = True
for _ in range(3000):
    if all(ended):
        break
    time.sleep(0.01)
print(ended, all(counts), 0.2 < d < 3)

# Everything that can be in the middle when another thread comes in.
lock = _thread.allocate_lock()
results = []


def recurse(n):
    return 0 if n == 0 else 1 + recurse(n - 1)


class Node:
    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        return self.v < other.v

    def __str__(self):
        return "<%d>" % self.v


def work(seed):
    d = {}
    for i in range(60):
        nodes = [Node((seed * 31 + i * k) % 17) for k in range(12)]
        nodes.sort()
        text = " ".join(str(n) for n in nodes)
        d[i] = text
        try:
            raise ValueError(i)
        except ValueError as e:
            assert e.args == (i,)
        assert recurse(10) == 10
    check = sum(len(v) for v in d.values())
    with lock:
        results.append((seed, check, sorted(d)[-1]))


ended = [False] * 4


def begin(f, i, *args):
    try:
        f(*args)
    finally:
        ended[i] = True


for seed in range(4):
    _thread.start_new_thread(begin, (work, seed, seed))
for _ in range(4000):
    if all(ended):
        break
    time.sleep(0.01)
print(sorted(results))

# Texts that are being built do not mix.
texts = []


class Slow:
    def __repr__(self):
        time.sleep(0.001)
        return "slow"


def build(word):
    text = "%s %r %s %r" % (word, [Slow(), Slow()], word, Slow())
    with lock:
        texts.append(text)


words = ["a", "bb", "ccc"]
ended = [False] * 3
for i in range(3):
    _thread.start_new_thread(begin, (build, i, words[i]))
for _ in range(3000):
    if all(ended):
        break
    time.sleep(0.01)
print(sorted(texts))
