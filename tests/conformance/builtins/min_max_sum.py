# min, max, sum with their options.
print(min(3, 1, 2), max([3, 1, 2]), min("hello"), max(1, 2.5), sum([1, 2, 3]), sum([], 10))
print(min([4], default=0), max([], default="none"), min((), default=None))
print(max("aa", "b", "cccc", key=len), min([-3, 2], key=abs), max([(1, "b"), (1, "a")], key=lambda t: t[0]))
print(sum([[1], [2]], []), sum((0.5, 0.25)), sum(x * x for x in range(10)), sum({1: 2, 3: 4}))
for bad in (lambda: min([]), lambda: max(())):
    try:
        bad()
    except ValueError:
        print("ValueError")
for bad in (lambda: min(1), lambda: sum(["a"]), lambda: max(1, "a"), lambda: sum(5)):
    try:
        bad()
    except TypeError:
        print("TypeError")
