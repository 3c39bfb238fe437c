# Without __iter__ and __contains__, __getitem__ with 0, 1, 2... is used.
class Squares:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError
        return i * i


s = Squares(5)
print([x for x in s])
print(list(s), tuple(s), sum(s))
a, b, c = Squares(3)
print(a, b, c)
it = iter(Squares(2))
print(next(it), next(it), next(it, "end"))
