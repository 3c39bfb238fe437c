# A star in an assignment: too few items, none left over, sources that fail.
class Counts:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))


for n in range(7):
    try:
        a, b, *rest, c, d = Counts(n)
        print(a, b, rest, c, d)
    except ValueError:
        print("ValueError", n)
    try:
        a, *rest, d = list(range(n))
        print(a, rest, d)
    except ValueError:
        print("ValueError", n)
[*rest] = ()
print(rest)
(*rest,) = "abc"
print(rest)


def failing():
    yield 1
    yield 2
    raise KeyError("source")


try:
    a, *rest = failing()
except KeyError as e:
    print("KeyError", a, e)
try:
    a, *rest = 5
except TypeError:
    print("TypeError")
