# __iter__ and __next__ written in Python, each looping over the next, 200 deep.
class Layer:
    def __init__(self, inner):
        self.inner = inner

    def __iter__(self):
        for _ in self.inner:
            break
        return Walk(self.inner)


class Walk:
    def __init__(self, inner):
        self.inner = inner
        self.done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self.done:
            raise StopIteration
        self.done = True
        for x in self.inner:
            return x + 1
        raise StopIteration


class Chain:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            return 0
        for x in Chain(self.n - 1):
            return x + 1


for x in Chain(200):
    print(x)
    break
source = [0]
for _ in range(200):
    source = Walk(source)
print([x for x in source])
layers = [0]
for _ in range(8):
    layers = Layer(layers)
print([x for x in layers])
