# Lists and tuples of some length, whose work is done in pieces.
# needs: memory
# not with gc=always: it would collect at each of its many pieces
N = 20000
base = list(range(N))


def show(items):
    print(type(items).__name__, len(items), items[:3], items[len(items) // 2], items[-3:], sum(items) % 10007)


show(base[:])
show(base.copy())
show(base + base)
show(base * 3)
show([7, 8] * 9001)
show(base[100:19000])
show(base[::3])
show(base[::-1])
show(base[19000:200:-7])
show(tuple(base))
show(tuple(base)[1:])
show(tuple(base)[::5])
show(tuple(base) + tuple(base))
show(tuple(base) * 2)
show(tuple(n for n in base))
show(tuple(n for n in base[:2001]))

a = base[:]
a.reverse()
show(a)
a.reverse()
print(a == base, a < base, a <= base, base == base + [1], base < base + [1])
a[15000] = -1
print(a == base, a < base, a > base, a != base)

for step in (2, 3, 7, 100, 5000, -2, -9):
    a = base[:]
    del a[5::step]
    show(a)
    a = base[:]
    del a[::step]
    show(a)
a = base[:]
del a[100:15000]
show(a)
a[3:5] = base
show(a)
a[::2] = [0] * len(a[::2])
show(a)
a *= 2
show(a)
a += a
show(a)
a.extend(a)
show(a)
a *= 0
print(a)
a = base[:]
a.insert(0, "first")
print(a[:2], a.pop(0), len(a), a.pop(1000), len(a))
print(a.index(19999), 20000 in a, a.count(5), a.index(15000, 100))
a.remove(17000)
print(len(a), 17000 in a)
first, *rest, last = base
print(first, last)
show(rest)
words = [str(n) for n in base[:3000]]
words.sort()
print(words[:5], words[-3:])
mixed = [(n * 7919) % 20011 for n in base]
mixed.sort()
show(mixed)
mixed.sort(key=lambda n: -n)
show(mixed)
mixed.sort(reverse=True)
show(mixed)
t = tuple(base[:1000])
print({t: 1}[tuple(base[:1000])], t == tuple(base[:1000]), len({t, tuple(base[:1000]), tuple(base[:999])}))
print(hash(t) == hash(tuple(base[:1000])), {(t, 1): 2}[(tuple(base[:1000]), 1)])


def count(*args):
    return len(args)


print(count(*base[:250]), count(1, *base[:100], *t[:100]))
