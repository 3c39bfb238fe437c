# slice objects: made, compared, shown; they cannot be hashed into one another by accident.
a, b, c = slice(1, 5, 2), slice(1, 5, 2), slice(3)
print(a, c, slice(None, None), a == b, a == c, a != c)
print(a.start, a.stop, a.step, c.start, c.stop, c.step, a.indices(4), c.indices(9))
print([10, 20, 30, 40, 50, 60][a], "abcdef"[c], (1, 2, 3)[slice(None, None, -1)])
for wrong in (lambda: slice(), lambda: slice(1, 2, 3, 4), lambda: [1][slice(1, 2, 0)]):
    try:
        print(wrong())
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
