# List comprehensions: filters, nesting, and their own scope.
print([x * x for x in range(6)])
print([x for x in range(20) if x % 2 if x % 3])
print([(x, y) for x in "ab" for y in range(2)])
print([[y * x for y in range(3)] for x in range(3)])
print([y for row in ([1, 2], [3], []) for y in row])
x = "kept"
[x for x in range(3)]
print(x)
print([a + b for a, b in [(1, 2), (3, 4)]])
print([c.upper() if c in "aeiou" else c for c in "education"])


def scoped(n):
    return [n * i for i in range(n)]


print(scoped(4))
print([f(3) for f in [lambda v: v + 1, lambda v: v * v]])
