# range objects: length, index, slices, membership, equality.
r = range(2, 20, 3)
print(r, len(r), r[0], r[-1], list(r), 5 in r, 6 in r, r[1:4], list(r[::-1]))
print(range(5), range(3, 1), len(range(3, 1)), list(range(5, 0, -2)), len(range(0, -10, -3)))
print(range(0) == range(2, 2), range(0, 3, 2) == range(0, 4, 2), range(1) == range(2))
print(bool(range(0)), bool(range(1)), sum(range(101)), max(range(5)), 3 in range(0, 10, 3))
print(list(reversed(range(4))), list(range(10))[2:5], tuple(range(2)))
for i in (6, -7):
    try:
        r[i]
    except IndexError:
        print("IndexError")
try:
    range(1, 2, 0)
except ValueError:
    print("ValueError")
it = iter(range(2))
print(next(it), next(it), next(it, "end"))
