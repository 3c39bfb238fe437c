# Chained, tuple, starred and subscript assignment, in order.
a = b = c = []
a.append(1)
print(a, b, c is a)
x, y = 1, 2
x, y = y, x
print(x, y)
(p, q), [r, s] = (1, 2), "ab"
print(p, q, r, s)
first, *middle, last = range(6)
print(first, middle, last)
*init, end = "xyz"
head, *tail = [1]
print(init, end, head, tail)
i = 0
i, values = 1, [0, 0]
i, values[i] = 0, 5
print(i, values)
d = {}
d["a"], d["b"] = 1, 2
print(sorted(d.items()))
for bad in ((1,), (1, 2, 3)):
    try:
        m, n = bad
    except ValueError:
        print("ValueError for", len(bad))
try:
    m, n = 5
except TypeError:
    print("TypeError")
