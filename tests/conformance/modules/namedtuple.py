# namedtuple: tuples with names.
from collections import namedtuple

Point = namedtuple("Point", ["x", "y"])
p = Point(1, 2)
q = Point(y=5, x=4)
print(p, q, p.x, q.y, p[0], len(p), p + q, p == (1, 2), isinstance(p, tuple))
x, y = p
print(x, y, max(p, q), {p: "key"}[1, 2], sorted([q, p]))
Colour = namedtuple("Colour", "red green blue")
print(Colour(1, 2, 3).green, tuple(Colour("r", "g", "b")))
for bad in (lambda: Point(1), lambda: Point(1, 2, 3), lambda: Point(1, z=2)):
    try:
        bad()
    except TypeError:
        print("TypeError")
try:
    p.x = 5
except AttributeError:
    print("AttributeError")


class P3(Point):
    def norm1(self):
        return abs(self.x) + abs(self.y)


print(P3(-1, 2).norm1(), P3(3, 4).y)
