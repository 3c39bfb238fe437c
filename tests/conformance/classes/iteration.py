# __iter__ gives an iterator, __next__ its items, StopIteration its end.
class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        return CountdownIterator(self.start)


class CountdownIterator:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1


c = Countdown(3)
print([x for x in c], list(c), 2 in c, 7 in c)
for a in c:
    for b in c:
        print(a * b, end=" ")
print()
first, *rest = c
print(first, rest, max(c), sorted(c))
