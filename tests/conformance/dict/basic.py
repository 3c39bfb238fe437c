# Dicts: make, read, write, delete, membership.
d = {"a": 1, "b": 2}
d["c"] = 3
d["a"] = 10
print(d["a"], d["c"], len(d), "a" in d, "z" in d, "z" not in d)
del d["b"]
print(sorted(d.items()))
print(dict(), dict(x=1), dict([("k", "v")]), dict({"a": 1}), dict((i, i * i) for i in range(3)))
for bad in (lambda: d["missing"], lambda: d.pop("missing"), lambda: {}.popitem()):
    try:
        bad()
    except KeyError as e:
        print("KeyError")
for bad in (lambda: {[]: 1}, lambda: {{}: 1}, lambda: {} < {}):
    try:
        bad()
    except TypeError:
        print("TypeError")
print({1: "int"} == {1.0: "int"}, {"a": 1} == {"a": 1}, {"a": 1} != {"a": 2}, bool({}), bool(d))
print({1: "a", True: "b", 1.0: "c"})
