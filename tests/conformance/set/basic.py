# Sets: distinct members, membership, comparison.
s = {3, 1, 2, 3, 1}
print(sorted(s), len(s), 2 in s, 5 in s, sorted(set("hello")), set() == set([]), bool(set()))
print({1, 2} == {2, 1}, {1} < {1, 2}, {1, 2} <= {1, 2}, {1, 2} > {3}, {1} != {2})
print(sorted({1, 1.0, True}), len({(1, 2), (1, 2)}), set(), {7})
for bad in (lambda: {[]}, lambda: {1} + {2}, lambda: {1}[0]):
    try:
        bad()
    except TypeError:
        print("TypeError")
print(sorted(set(range(10)) - {3, 4}), sorted(x for x in {1, 2, 3} if x > 1))
big = set(range(0, 600, 2))
print(len(big), 300 in big, 301 in big, sum(big))
