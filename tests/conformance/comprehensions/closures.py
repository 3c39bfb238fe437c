# A comprehension's function sees the variables of the function around it.
def table(rows, cols):
    def cell(r, c):
        return r * cols + c

    return [[cell(r, c) for c in range(cols)] for r in range(rows)]


print(table(2, 3))


def makers(n):
    return [(lambda k: lambda: k * n)(i) for i in range(3)]


print([m() for m in makers(7)])


class Scale:
    def __init__(self, k):
        self.k = k

    def all(self, items):
        return [self.k * i for i in items], {i: self.k for i in items}


print(Scale(3).all((1, 2)))
