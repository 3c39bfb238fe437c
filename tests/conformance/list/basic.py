# Lists: index, slice, change, compare.
a = [3, "x", [1], None]
print(a, len(a), a[0], a[-1], a[1:3], a[:], a[::-1], a[::2], a[-2:])
a[0] = "new"
a[2][0] = "inner"
print(a)
print([1, 2] + [3], [0] * 3, 2 * [1, 2], [] + [], [1] * 0, [1] * -1)
print([1, 2] == [1, 2], [1, 2] < [1, 3], [1, 2] < [1, 2, 0], [] < [0], [2] > [1, 9], [1] != [1.0])
print(1 in [1, 2], 3 not in [1, 2], [1] in [[1]], bool([]), bool([0]))
print(list(), list("ab"), list((1, 2)), list(range(3)), list({"k": 1}))
for i in (4, -5):
    try:
        a[i]
    except IndexError:
        print("IndexError", i)
for bad in (lambda: a["0"], lambda: [1] + (2,), lambda: [1] < 2):
    try:
        bad()
    except TypeError:
        print("TypeError")
