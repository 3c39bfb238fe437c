# What repr says of objects that have no text of their own to show, as far as it is the same everywhere.
import io


def f():
    return lambda: f


def outer():
    x = 1

    def inner():
        return x

    return inner


def gen():
    yield 1


class A:
    def m(self):
        pass


def head(v):
    return repr(v).split("0x")[0]


print(head(f), head(gen()), head(NotImplemented), head(io))
print(repr(ValueError("a", 1)), repr(KeyError("k")), str(KeyError("k")), str(ValueError()), repr(OSError(2, "x")))
print(str(ValueError("a")), str(ValueError("a", 2)), repr(StopIteration(3)))
e = ExceptionGroup("several", [ValueError(1), TypeError("t")])
print(repr(e), str(e), e.message, len(e.exceptions), type(e.exceptions).__name__)
a, b = A(), A()
print(a.m == a.m, a.m != b.m, a.m == b.m, hash(a.m) == hash(a.m), {a.m: 1}[a.m], a.m.__name__)
inner = outer()
print(head(f()), head(inner), head(a.m), head(super(A, a)), head(compile("1", "x", "eval")))
