# del for names, items, slices and attributes.
a, b, c = 1, 2, 3
del a
del (b, c)
for name in ("a", "b", "c"):
    print(name in globals(), end=" ")
print()
items = list(range(10))
del items[0], items[-1]
del items[2:4]
print(items)
d = {"x": 1, "y": 2}
del d["x"]
print(d)
for bad in (lambda: d.pop("x"), lambda: items.pop(99)):
    try:
        bad()
    except (KeyError, IndexError) as e:
        print(type(e).__name__)


class C:
    pass


o = C()
o.v = 1
del o.v
print(hasattr(o, "v"))
