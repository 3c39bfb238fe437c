# frozenset is hashable and cannot change.
f = frozenset([1, 2, 2])
print(len(f), 1 in f, f == {1, 2}, f == frozenset((2, 1)), hash(f) == hash(frozenset([2, 1])))
print(sorted(f | {3}), sorted(f & {1}), type(f | {3}) is frozenset, {f: "value"}[frozenset([1, 2])])
print({frozenset(), frozenset([1])} == {frozenset([1]), frozenset()})
try:
    f.add(1)
except AttributeError:
    print("no add")
print(sorted(frozenset("abc") - frozenset("b")), frozenset().issubset(f))
