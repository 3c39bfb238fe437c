# id, is, hash, callable.
a = [1]
b = a
c = [1]
print(a is b, a is c, a == c, id(a) == id(b), id(a) != id(c), a is not c)
print(None is None, True is True, () is None, hash(5) == hash(5.0), hash("a") == hash("a"))
print(callable(len), callable(int), callable(lambda: 1), callable(5), callable("s"), callable(a.append))


class C:
    pass


x, y = C(), C()
print(x == y, x == x, x != y, hash(x) == hash(x), x in [y], x in [y, x])
for bad in ([], {}, set()):
    try:
        hash(bad)
    except TypeError:
        print("unhashable", bad)
