# A star takes any number of items, more than any stack holds.
# needs: memory
# not with gc=always: it would collect at each of 140,000 items
class Counts:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))


def count(n):
    for i in range(n):
        yield i


for source in (range(20000), list(range(20000)), tuple(range(20000)), Counts(20000), count(20000)):
    first, *rest = source
    print(first, len(rest), rest[0], rest[-1])
*rest, last = range(20000)
print(len(rest), last)
a, b, *rest, c, d, e = count(20000)
print(a, b, len(rest), c, d, e)
