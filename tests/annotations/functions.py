# __annotations__ of functions, methods, closures, classes and modules (a build with the feature `annotations`)
def note(x):
    print("note", x)
    return x


def f(a: note(1), b: note("b") = note(0), /, *args: note("args"), c: note(int) = note("d"), d, **kw: note("kw")) -> note("r"):
    e: note("never")
    return a, b, args, c, d, kw


print(f.__annotations__)
print(f(1, 2, 3, d=4, e=5), f(1, d=2))


def plain(x, y=1):
    pass


print(plain.__annotations__, (lambda x=1: x).__annotations__)


def outer(n):
    def inner(a: n, *, b: str = "x") -> n:
        return a, b, n

    return inner


g = outer(float)
print(g.__annotations__, g(1), outer(5).__annotations__)


class C:
    x: int = 1
    y: "later"

    def method(self, other: "C") -> None:
        pass

    @staticmethod
    def s(v: list) -> dict:
        return v

    @property
    def p(self) -> int:
        return 5


print(C.__annotations__, C.method.__annotations__, C().method.__annotations__, C.s.__annotations__, C().p)


def gen(n: int) -> list:
    for i in range(n):
        yield i


print(list(gen(3)), gen.__annotations__)


async def co(x: int = 3, *y: str) -> None:
    return x


print(co.__annotations__)
try:
    co().send(None)
except StopIteration as e:
    print(e.value)
z: int = 4
print(__annotations__)
try:

    def bad(a: undefined_name):
        pass
except NameError:
    print("NameError")
