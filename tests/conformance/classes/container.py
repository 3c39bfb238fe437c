# __getitem__, __setitem__, __delitem__, __contains__ and slices.
class Grid:
    def __init__(self, width):
        self.width = width
        self.cells = {}

    def __getitem__(self, key):
        if isinstance(key, slice):
            return [self.cells.get(i) for i in range(self.width)[key]]
        return self.cells.get(key, ".")

    def __setitem__(self, key, value):
        self.cells[key] = value

    def __delitem__(self, key):
        del self.cells[key]

    def __contains__(self, value):
        return value in self.cells.values()


g = Grid(4)
g[1, 2] = "x"
g[0] = "a"
g[1] = "b"
print(g[1, 2], g[9], g[0:3], g[::-1])
print("x" in g, "q" in g, "q" not in g)
del g[0]
print(g[0])
try:
    del g[0]
except KeyError as e:
    print("KeyError", e.args)
