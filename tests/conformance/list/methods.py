# append, extend, insert, pop, remove, index, count, clear, copy, reverse.
a = [1, 2]
a.append(3)
a.extend((4, 5))
a.extend("x")
a.insert(0, "first")
a.insert(-1, "before last")
a.insert(100, "end")
print(a)
print(a.pop(), a.pop(0), a.pop(-2), a)
a.remove(3)
print(a, a.index(2), a.count(2), a.index(5, 1), [1, 1, 2].count(1))
b = a.copy()
b.reverse()
print(a, b)
b.clear()
print(b, a)
for f in (lambda: [].pop(), lambda: [1].pop(1), lambda: [1].remove(2), lambda: [1].index(2)):
    try:
        f()
    except (IndexError, ValueError) as e:
        print(type(e).__name__)
print([].append(1))
