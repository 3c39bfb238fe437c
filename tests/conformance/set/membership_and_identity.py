# What only sets can tell: members that cannot be hashed, in-place operators that keep the object, methods of frozensets.
s, f = {1, 2, 3}, frozenset((1, 2, 3))
for c in (s, f, {1: 2}, {1: 2}.keys(), dict()):
    for item in ([], {}, [1]):
        try:
            print(item in c)
        except TypeError:
            print("TypeError")
print(s.__contains__(1), s.__contains__(9), f.__contains__(2), f.__contains__("2"))
a = s
a |= {4}
a &= {1, 2, 4, 5}
a -= {1}
a ^= {2, 7}
print(a is s, sorted(s))
g = f
g |= {4}
print(g is f, sorted(g), sorted(f), type(g).__name__)
print(f.copy() == f, type(f.copy()).__name__, sorted(f.difference([1])), sorted(f.intersection([1, 9], [1])))
print(f.isdisjoint([4]), f.isdisjoint([3]), f.issubset(range(9)), f.issuperset([1]), f.issuperset([9]))
print(sorted(f.symmetric_difference([3, 4])), sorted(f.union([9], (8,))), type(f.union([9])).__name__)
print(type(f | s).__name__, type(f & s).__name__, type(f - s).__name__, type(f ^ s).__name__, type(s | f).__name__)
print(hash(frozenset((1, 2))) == hash(frozenset((2, 1))), {frozenset((1, 2)): "found"}[frozenset((2, 1))])
