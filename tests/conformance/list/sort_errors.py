# An exception in key or comparison leaves a list behind, and nothing is lost in sorted().
class Moody:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        if self.n == 5 or other.n == 5:
            raise ValueError("not today")
        return self.n < other.n


items = [Moody(i) for i in (3, 5, 1)]
try:
    sorted(items)
except ValueError as e:
    print(e, [m.n for m in items])


def key(x):
    if x == 2:
        raise KeyError(x)
    return -x


numbers = [1, 2, 3]
try:
    numbers.sort(key=key)
except KeyError as e:
    print(e.args, sorted(numbers))
print([m.n for m in sorted(items, key=lambda m: m.n)])
