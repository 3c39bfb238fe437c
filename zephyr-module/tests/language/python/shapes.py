class Shape:
    def __init__(self, *sides):
        self.sides = sides

    def __len__(self):
        return len(self.sides)


def squares(n):
    for i in range(n):
        yield i * i
