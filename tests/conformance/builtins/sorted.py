# sorted takes any iterable and gives a new list.
print(sorted([3, 1, 2]), sorted("banana"), sorted({"b": 1, "a": 2}), sorted((1, 2), reverse=True), sorted([]))
print(sorted(["b", "A", "c"], key=str.lower), sorted(x % 5 for x in range(8)), sorted({3, 1}))
data = ["bb", "a", "cc", "d"]
print(sorted(data, key=len), sorted(data, key=len, reverse=True), data)
print(sorted([(2, "b"), (1, "z"), (2, "a")]), sorted([[2], [1, 5], [1]]), sorted([1.5, 1, -2]))
for bad in (lambda: sorted(5), lambda: sorted([1, "a"]), lambda: sorted([None, None, 1])):
    try:
        bad()
    except TypeError:
        print("TypeError")
