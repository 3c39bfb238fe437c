# Special methods that give what they should not, or change what they are asked about.
def attempt(f):
    try:
        return f()
    except Exception as e:
        return type(e).__name__


class Len:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return i


for n in (3, -1, 1.5, "a", None):
    print(attempt(lambda: len(Len(n))), end=" ")
print()


class Index:
    def __init__(self, act, n=0):
        self.act, self.n = act, n

    def __index__(self):
        self.act()
        return self.n


l = [1, 2, 3]
print(attempt(lambda: l[Index(l.clear, 2)]), l)
l = [1, 2, 3]
print(attempt(lambda: l.__setitem__(Index(l.clear, 2), 9) if hasattr(l, "__setitem__") else exec("l[i] = 9", {"l": l, "i": Index(l.clear, 2)})), l)
l = list(range(10))
print(attempt(lambda: l[Index(l.clear, 2) : 5]) in ([], "TypeError"), len(l) in (0, 10))
b = bytearray(b"abcdef")
print(attempt(lambda: b[Index(lambda: b.extend(b"x" * 100), 3)]) in (100, "TypeError"), len(b) > 0)
print(attempt(lambda: range(Index(lambda: None, 2))))


class Iter:
    def __init__(self, what):
        self.what = what

    def __iter__(self):
        return self.what


for what in (5, None, "abc", [1], iter([1, 2])):
    print(attempt(lambda: list(Iter(what))), end=" ")
print()


class Stops:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration


class Fails(Stops):
    def __next__(self):
        raise KeyError("next")


for f in (list, tuple, set, sum, max, any, sorted, dict, enumerate, bytes, "".join):
    print(attempt(lambda: f(Stops())) if f is not enumerate else "-", attempt(lambda: f(Fails())) if f is not enumerate else "-", end=" ")
print()


class Repr:
    def __init__(self, what):
        self.what = what

    def __repr__(self):
        if isinstance(self.what, Exception):
            raise self.what
        return self.what


for what in ("text", 5, None, ValueError("repr"), b"bytes"):
    print(attempt(lambda: str([Repr(what)])), attempt(lambda: "%r" % Repr(what)), attempt(lambda: "{!r}".format(Repr(what))))
l = [1, 2]


class Shrinks:
    def __repr__(self):
        l.clear()
        return "shrinks"


l.append(Shrinks())
l += [3] * 20
print(len(attempt(lambda: repr(l))) > 5, l)


class Attr:
    def __getattr__(self, name):
        raise AttributeError(name + "!")

    def __setattr__(self, name, v):
        raise ValueError(name)


a = Attr()
print(attempt(lambda: a.x), attempt(lambda: setattr(a, "y", 1)), hasattr(a, "z"), getattr(a, "w", 4))


class Manager:
    def __init__(self, enter=None, exit=None):
        self.enter, self.exit = enter, exit

    def __enter__(self):
        if self.enter:
            raise self.enter

    def __exit__(self, *args):
        if self.exit:
            raise self.exit


for m in (Manager(), Manager(KeyError("enter")), Manager(None, KeyError("exit"))):

    def run():
        with m:
            raise ValueError("body")

    print(attempt(run), end=" ")
print()


class Descriptor:
    def __get__(self, obj, typ):
        raise IndexError("get")

    def __set__(self, obj, v):
        del type(obj).d


class Owner:
    d = Descriptor()


o = Owner()
print(attempt(lambda: o.d))
o.d = 1
print(attempt(lambda: o.d))
o.d = 2
print(o.d)


class Call:
    def __call__(self, *a):
        self.__class__ = int if len(a) > 5 else Call
        return a


print(attempt(lambda: Call()(1)) in ((1,), "AttributeError", "TypeError"))
