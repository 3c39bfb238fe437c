# Lists may grow and shrink while they are iterated.
a = [1, 2, 3]
for x in a:
    if x < 3:
        a.append(x + 10)
print(a)
b = [1, 2, 3, 4]
for x in b:
    if x % 2 == 0:
        b.remove(x)
print(b)
c = list(range(5))
for x in c:
    c.pop()
print(c)
it = iter(a)
print(next(it), next(it))
a.clear()
print(next(it, "nothing left"))
