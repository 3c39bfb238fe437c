# keys, values and items are iterable views.
d = {"a": 1, "b": 2}
keys, values, items = d.keys(), d.values(), d.items()
print(list(keys), list(values), list(items), len(keys), "a" in keys, ("a", 1) in list(items))
d["c"] = 3
print(list(keys), sum(values), len(items))
print([k + str(v) for k, v in d.items()], {v: k for k, v in items}, max(d, key=d.get))
print(sorted(d, key=lambda k: -d[k]), list(zip(d, d.values())))
for k in list(d):
    if d[k] > 1:
        del d[k]
print(d, keys, values, items)
for k in d:
    d[k] = "changed while iterating"
print(d)

# Views have no common elements.
d = {1: 2, "a": 3}
print(d.keys().isdisjoint([3, "b"]), d.keys().isdisjoint(d), d.items().isdisjoint([(1, 3)]), d.items().isdisjoint({(1, 2)}))
for bad in (lambda: d.values().isdisjoint([]), lambda: d.keys().isdisjoint(5)):
    try:
        print(bad())
    except (AttributeError, TypeError) as e:
        print(type(e).__name__)
