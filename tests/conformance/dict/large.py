# Dicts and sets of some size: they grow, close gaps and are copied piece by piece.
# needs: memory
# not with gc=always: it would collect at each of its many items
N = 5000
d = {}
for n in range(N):
    d[n] = -n
print(len(d), d[0], d[N - 1], N in d, list(d)[:3], list(d)[-3:])
for n in range(0, N, 2):
    del d[n]
for n in range(N, 2 * N):
    d[n] = n
print(len(d), list(d)[:3], list(d)[-3:], sum(d), sum(d.values()))
print(all(n in d for n in range(1, N, 2)), any(n in d for n in range(0, N, 2)))
# Old ones go, new ones come.
for n in range(20000):
    d[str(n)] = n
    if n >= 700:
        del d[str(n - 700)]
print(len(d), list(d)[-1], d["19999"], d["19300"], "19299" in d)
items = list(d.items())
print(len(items), items[0], items[-1])
c = d.copy()
print(c == d, list(c) == list(d), dict(d) == d, {**d} == d)
c[3] = "other"
print(c == d, d[3])
e = {}
e.update(d)
print(e == d, list(e) == list(d))
e |= {n: 0 for n in range(3000)}
print(len(e), len(d | e))
print(len(dict.fromkeys(range(N))), len(dict.fromkeys("abc" * 1000)))
d.clear()
print(d, d == {})

s = set()
for n in range(N):
    s.add(n * 3)
print(len(s), 0 in s, 1 in s, 3 * N - 3 in s)
for n in range(0, N, 3):
    s.discard(n * 3)
for n in range(N):
    s.add(-n - 1)
print(len(s), sum(s))
t = set(range(0, 2 * N, 2))
print(len(s | t), len(s & t), len(s - t), len(s ^ t), s <= s | t, s >= s & t, s == s.copy(), s == t)
f = frozenset(s)
print(f == s, hash(f) == hash(frozenset(list(s))), len({f, frozenset(s)}))


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 97

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n


k = {Key(n): n for n in range(600)}
print(len(k), k[Key(599)], Key(600) in k)
for n in range(0, 600, 2):
    del k[Key(n)]
for n in range(600, 1000):
    k[Key(n)] = n
print(len(k), k[Key(1)], k[Key(999)], Key(2) in k, [v for v in k.values()][:3])
