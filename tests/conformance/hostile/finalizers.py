# `__del__` that raises, brings its object back, allocates, collects and changes what is collected.
import gc

kept = []
count = [0]


class Back:
    def __del__(self):
        count[0] += 1
        kept.append(self)


class Raises:
    def __del__(self):
        count[0] += 1
        return [1] * 100 + list(range(100))


class Collects:
    def __del__(self):
        count[0] += 1
        gc.collect()
        [Back() for i in range(3)]


class Ring:
    def __init__(self):
        self.me = self
        self.other = Raises()

    def __del__(self):
        count[0] += 1
        self.me = None
        self.other = None


def make(cls, n):
    for i in range(n):
        cls()


for cls in (Back, Raises, Collects, Ring):
    make(cls, 10)
    for i in range(3):
        gc.collect()
print(count[0] >= 10, len(kept) >= 1, all(type(k) is Back for k in kept))
n = len(kept)
kept.clear()
gc.collect()
gc.collect()
print(len(kept) <= n)


class Removes:
    def __init__(self, d, k):
        self.d, self.k = d, k

    def __del__(self):
        self.d.pop(self.k, None)


d = {}
for i in range(30):
    d[i] = i
    Removes(d, i)
    gc.collect()
print(len(d) <= 30)


def generator():
    try:
        yield Back()
    finally:
        pass


for i in range(5):
    next(generator())
gc.collect()
print("done")
