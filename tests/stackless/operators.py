# Operators whose methods use the same operator, 200 deep.
class N:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return 0 if self.n == 0 else 1 + (N(self.n - 1) + other)

    def __sub__(self, other):
        return 0 if self.n == 0 else (N(self.n - 1) - other) + 1

    def __rmul__(self, other):
        return 0 if self.n == 0 else 1 + other * N(self.n - 1)

    def __neg__(self):
        return 0 if self.n == 0 else 1 + -N(self.n - 1)

    def __iadd__(self, other):
        if self.n:
            inner = N(self.n - 1)
            inner += other
            self.n = 1 + inner.n
        return self

    def __getitem__(self, key):
        return 0 if self.n == 0 else 1 + N(self.n - 1)[key]

    def __setitem__(self, key, value):
        if self.n:
            N(self.n - 1)[key] = value
        else:
            value.append(key)

    def __invert__(self):
        return 0 if self.n == 0 else 1 + ~N(self.n - 1)


start = N(200)
print(start + 1, start - 1, 2 * start, -start, ~start, start["k"])
start += 1
print(start.n)
reached = []
start[7] = reached
print(reached)
