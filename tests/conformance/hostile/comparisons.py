# Objects whose `==`, `<` and hash raise, lie or change the container that asks.
class Clears:
    def __init__(self, what):
        self.what = what

    def __eq__(self, other):
        self.what.clear()
        return False

    def __hash__(self):
        return 1


def attempt(f):
    try:
        r = f()
        return "fine" if r is None else r
    except Exception as e:
        return type(e).__name__


for ask in (lambda l, x: l.index(x), lambda l, x: l.count(x), lambda l, x: l.remove(x), lambda l, x: x in l):
    l = [1, 2, 3]
    l.append(Clears(l))
    l.append(4)
    print(attempt(lambda: ask(l, 7)), end=" ")
    l = [5, 6, 7, 8]
    print(attempt(lambda: ask(l, Clears(l))), end=" ")
print()
l = [1, 2, 3]
print(attempt(lambda: l == [Clears(l), 2, 3]), attempt(lambda: [Clears(l), 1] < [2, 1]))

d = {}
x = Clears(d)
d[1] = "one"
d[x] = "x"
print(attempt(lambda: d[x]), len(d))
for i in range(20):
    d[i] = i
print(attempt(lambda: d.__setitem__(Clears(d), 1)), len(d) <= 21)
s = {1, 2, 3}
print(attempt(lambda: s.add(Clears(s))), len(s) <= 4)
s = {1, 2, 3}
print(attempt(lambda: len(s | {Clears(s)}) >= 1), attempt(lambda: s & {Clears(s), 1} != 0), attempt(lambda: s <= {Clears(s)}))


class Raises:
    def __eq__(self, other):
        raise ValueError("eq")

    def __lt__(self, other):
        raise ValueError("lt")

    def __hash__(self):
        return 1

    def __bool__(self):
        raise ValueError("bool")

    def __len__(self):
        raise ValueError("len")

    def __contains__(self, x):
        raise ValueError("contains")


r = Raises()
others = {1: 1}
for f in (
    lambda: r == 1,
    lambda: [r] == [1],
    lambda: (1, r) == (1, 2),
    lambda: {"k": r} == {"k": 1},
    lambda: others[r],
    lambda: {1, r},
    lambda: [2, r].index(3),
    lambda: sorted([r, r]),
    lambda: max(r, r),
    lambda: [r, r].sort(),
    lambda: not r,
    lambda: any([r]),
    lambda: list(filter(None, [r])),
    lambda: len(r),
    lambda: 1 in r,
    lambda: [r, r] < [r, r] and 1 or 2,
):
    print(attempt(f), end=" ")
print()


class Hash:
    def __init__(self, h):
        self.h = h

    def __hash__(self):
        if isinstance(self.h, Exception):
            raise self.h
        return self.h

    def __eq__(self, other):
        return self is other


for h in (0, -1, 2**31, -(2**63), 10**40, True, 1.5, "text", None, KeyError("h")):
    k = Hash(h)
    print(attempt(lambda: {k: 1}[k]), attempt(lambda: k in {k}), attempt(lambda: hash(k) == hash(k)), end=" ")
print()
# A hash that changes: the key is not found again, and the table stays whole.
k = Hash(1)
d = {k: 1}
k.h = 2
print(attempt(lambda: k in d) in (True, False), len(d), list(d) == [k])
for i in range(50):
    k.h = i
    d[k] = i
print(len(d) >= 1, all(x is k for x in d))
d.clear()
print(d)


class Odd:
    def __eq__(self, other):
        return "maybe"

    def __ne__(self, other):
        return []

    def __lt__(self, other):
        return 3

    def __hash__(self):
        return 5


o = Odd()
print(o == 1, o != 1, o < 1, 1 > o, [o] == [1], o in [1, 2], [1] == [o], {o: 1}.get(Odd()))
print(bool([o] != [1]), sorted([o, o]) == [o, o])


class Less:
    def __init__(self, l):
        self.l = l

    def __lt__(self, other):
        self.l.append(self)
        return True


l = []
l.extend([Less(l) for i in range(5)])
try:
    l.sort()
except ValueError:
    pass
print(len(l) >= 5)
