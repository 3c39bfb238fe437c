# get, setdefault, pop, update, copy, clear, fromkeys, keys, values, items.
d = {"a": 1}
print(d.get("a"), d.get("b"), d.get("b", 7), d.setdefault("a", 5), d.setdefault("c", 6), d.setdefault("n"))
print(d.pop("a"), d.pop("zz", "default"), sorted(d))
d.update({"x": 1}, y=2)
d.update([("z", 3), ("x", 9)])
print(sorted(d.items(), key=lambda kv: kv[0]))
c = d.copy()
c["only here"] = 1
print(len(c) - len(d))
d.clear()
print(d, dict.fromkeys((1, 2)), dict.fromkeys([1], "v"))
groups = {}
for w in ("apple", "avocado", "bean", "beet", "corn"):
    groups.setdefault(w[0], []).append(w)
print(sorted(groups.items()))
k, v = {"one": 1}.popitem()
print(k, v)
