# A heap of objects of every kind, full to the last kilobytes: dicts, instances, closures, generators, long texts.
import gc


class Node:
    def __init__(self, n):
        self.n = n
        self.me = self


def closure(n):
    def inner():
        return n

    return inner


def generator(n):
    own = [n]
    while True:
        yield own[0]


keep = [None] * 2000
n = 0
while gc.mem_free() > 40000:
    keep[n] = {n: str(n), "node": Node(n)}
    keep[n + 1] = closure(n)
    keep[n + 2] = generator(n)
    next(keep[n + 2])
    keep[n + 3] = "text %d" % n * 9
    n += 4
big = bytearray(100)
for i in range(2500):
    Node(i)
    s = str(i) * 5
    if i % 50 == 0:
        big = bytearray(100)
gc.collect()
keep[0] = None
numbers = list(range(0, n, 4))
print("kinds", [f() for f in keep[1:n:4]] == numbers, [next(g) for g in keep[2:n:4]] == numbers)
