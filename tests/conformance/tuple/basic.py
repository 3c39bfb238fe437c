# Tuples: immutable sequences.
t = (1, "two", 3.0)
print(t, len(t), t[0], t[-1], t[1:], t[:-1], (), (1,), ((),), 1 in t)
a, b, c = t
print(a, b, c, t + (4,), t * 2, tuple(), tuple("ab"), tuple([1]), (1, 2) == (1, 2))
print((1, 2) < (1, 3), (1,) < (1, 0), () < (0,), (1, 2) == [1, 2], (2, 1) > (1, 9))
print(t.index("two"), t.count(1), hash((1, 2)) == hash((1, 2)), {(1, 2): "key"}[1, 2])
print(bool(()), bool((0,)), tuple(i * i for i in range(4)), sum((1, 2)), max(((1, 2), (1, 3))))
try:
    t[0] = 1
except TypeError:
    print("immutable")
try:
    t.index("no")
except ValueError:
    print("ValueError")
try:
    hash(([],))
except TypeError:
    print("unhashable")
u = ([], 1)
u[0].append("changed inside")
print(u)
x = y = (1,)
x += (2,)
print(x, y)
