# Generator expressions are lazy; their first iterable is evaluated at once.
def loud(x):
    print("loud", x)
    return x


g = (loud(x) * 2 for x in range(3))
print("nothing ran yet")
print(next(g))
print(list(g), list(g))
print(sum(x for x in range(10) if x % 2), max(len(w) for w in ("a", "bbb", "cc")))
print(dict((c, ord(c)) for c in "abc"))
print(any(x > 3 for x in range(5)), all(x > 3 for x in range(5)))
try:
    g = (x for x in None)
except TypeError:
    print("None fails at once")
pairs = ((x, y) for x in range(3) for y in range(x))
print(list(pairs))
data = [1, 2]
late = (x * factor for x in data)
factor = 10
print(list(late))
