# Union, intersection, difference, symmetric difference.
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b))
print(sorted(a.union(b)), sorted(a.intersection([3, 9])), sorted(a.difference((1, 2))))
print(sorted(a.symmetric_difference([4, 5])))
print(a.issubset(range(10)), a.issuperset([1]), a.isdisjoint([7]), a.isdisjoint(b))
c = set(a)
c |= {9}
c &= {1, 2, 9}
c -= {1}
c ^= {2, 5}
print(sorted(c), sorted(a))
d = {1, 2, 3}
d.intersection_update([2, 3, 4])
d.difference_update([3])
d.symmetric_difference_update([2, 8])
print(d)
