# Evaluation order of operands, arguments and targets.
def n(x):
    print(x, end=" ")
    return x


def f(*a, **k):
    return len(a) + len(k)


print(n(1) + n(2) * n(3))
print([n(1), n(2)], (n(3), n(4)))
print(f(n(1), n(2), k=n(3)))
print((n(1), [n(2), {n(3)}]))
print(n("a") if n(0) else n("b"))
d = {}
d[n("key")] = n("value")
print(d)
print(n([5, 6, 7])[n(1) : n(2)])
x = n(1) < n(2) < n(0) < n(9)
print(x)
