# OrderedDict keeps insertion order and compares it.
from collections import OrderedDict

d = OrderedDict([("b", 1), ("a", 2)])
d["c"] = 3
print(list(d), list(d.items()), d["a"])
d["b"] = 10
del d["a"]
d["a"] = 5
print(list(d.keys()), d.pop("c"), len(d))
print(d.popitem(), list(d))
print(len(OrderedDict()), isinstance(d, dict))
e = OrderedDict((str(i), i) for i in range(30))
print("".join(e), sum(e.values()))
