# weakref: references and finalizers of every sort of object, with callbacks, cycles, __del__, and many at once.
import gc
import weakref


class A:
    def __init__(self, n):
        self.n = n


class D(A):
    def __del__(self):
        print("del", self.n)


def collect():
    clear = [0] * 20
    gc.collect()


def basic():
    a = A(1)
    r, s = weakref.ref(a), weakref.ref(a, lambda r: print("gone", r()))
    print(r() is a, s() is a, r().n)
    f = weakref.finalize(a, print, "finalized", 5)
    print(f.alive, f.peek()[1:] == (print, ("finalized", 5), {}))
    a = None
    collect()
    print(r(), s(), f.alive, f.peek(), f.detach(), f())


def cycle():
    a, b = A(2), A(3)
    a.other, b.other = b, a
    ra, rb = weakref.ref(a), weakref.ref(b)
    print(ra().other is b, rb().other is a)
    a = b = None
    collect()
    print(ra(), rb())


def with_del():
    d = D(4)
    r = weakref.ref(d, lambda r: print("watched", r()))
    d = None
    collect()
    print(r())


def dropped():
    a = A(5)
    weakref.ref(a, lambda r: print("never said"))
    collect()
    a = None
    collect()


def called():
    a = A(6)
    f = weakref.finalize(a, lambda *args, **kw: (args, sorted(kw.items())), 1, x=2)
    print(f(), f(), f.alive)
    a = None
    collect()


def many():
    objects = [A(i) for i in range(100)]
    seen = []
    refs = [weakref.ref(a, lambda r: seen.append(1)) for a in objects]
    del objects[1::2]
    a = None
    collect()
    collect()
    print(sum(1 for r in refs if r() is not None) in (50, 51), len(seen) in (49, 50))
    fresh = [A(1000 + i) for i in range(200)]
    print(all(r() is None or r().n < 100 for r in refs), len(fresh))


for f in (basic, cycle, with_del, dropped, called, many):
    print("--", f.__name__)
    f()
    collect()
for bad in (None, 5, (), "", True):
    try:
        weakref.ref(bad)
    except TypeError:
        print("TypeError")
