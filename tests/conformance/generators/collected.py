# list, tuple, set and frozenset of generators: delegation, exceptions on either side, what is left afterwards.


def count(n):
    for i in range(n):
        yield i
    return "ignored"


def both(n):
    yield "a"
    r = yield from count(n)
    yield r
    yield from (x * x for x in range(3))
    yield from [7, 8]


print(list(count(5)), tuple(count(5)), sorted(set(count(5))), sorted(frozenset(count(5))))
print(list(count(0)), tuple(count(0)), set(count(0)), frozenset(count(0)))
print(tuple(both(2)), list(both(0)))
print([tuple(i + j for j in range(i)) for i in range(4)])

# It has begun before.
g = both(3)
print(next(g), next(g), next(g), list(g), list(g), tuple(g), set(g))


# An exception of the generator's own.
def fails(n):
    try:
        yield from count(n)
        raise ValueError(n)
    finally:
        print("finally", n)


for t in (list, tuple, set, frozenset):
    try:
        t(fails(2))
    except ValueError as e:
        print(t.__name__, "ValueError", e)

# What cannot be a key: the generator stays where it is and is told nothing.
def odd():
    try:
        yield 1
        yield [2]
        yield 3
    except TypeError:
        print("never")


def outer():
    yield 0
    yield from odd()
    yield 4


for make in (odd, outer):
    g = make()
    try:
        set(g)
    except TypeError:
        print("TypeError", list(g))
    g = make()
    next(g)
    next(g)
    try:
        frozenset(g)
    except TypeError:
        print("never, or TypeError")
    print(list(g))


# Keys with code of their own.
class K:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        return self.n == other.n


print(sorted(k.n for k in set(K(i % 3) for i in range(7))))


# It runs already.
def again():
    yield 1
    try:
        list(me)
    except ValueError:
        print("running")
    yield 2


me = again()
print(list(me))


# StopIteration inside is an error.
def stops():
    yield 1
    raise StopIteration(5)


for t in (list, set):
    try:
        t(stops())
    except RuntimeError:
        print("RuntimeError")


# A type of another name, and one that takes the place of the builtin.
def tuple(g):
    return "mine"


print(tuple(x for x in range(3)))
kind = list
print(kind(x for x in "abc"))


class L(list):
    pass


print(L(x for x in "de"), type(L(x for x in "de")).__name__)


# Deep.
def deep(n):
    if n:
        yield from list(deep(n - 1))
    yield n


print(list(deep(60))[-3:])
big = list(i for i in range(5000))
print(len(big), sum(big), big[4999])
