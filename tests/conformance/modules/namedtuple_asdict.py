# _asdict of a namedtuple: the fields in their order.
from collections import namedtuple

Point = namedtuple("Point", "x y z")
p = Point(1, "two", [3])
d = p._asdict()
print(list(d.items()), d["y"], len(d))
d["x"] = 9
print(p.x, p._asdict()["z"] is p.z)
