# Containers that change while they are walked: whatever comes out, nothing breaks and everything ends.
from collections import deque
from array import array


def some(it, act, most=50):
    n = 0
    try:
        for item in it:
            n += 1
            act(item)
            if n == most:
                break
    except RuntimeError:
        pass
    return n > 0


l = [1, 2, 3]
print(some(l, l.append), len(l))
l = list(range(20))
seen = []
for x in l:
    seen.append(x)
    l.remove(x)
print(seen, l)
l = list(range(10))
for x in l:
    l.clear()
print(l)
l = [1, 2, 3]
for x in reversed(l):
    l.pop()
    l.insert(0, x)
print(sorted(l))

d = {i: i for i in range(10)}
print(some(d, lambda k: d.__setitem__(k + 100, 0)), len(d) >= 10)
d = {i: i for i in range(10)}
print(some(d, lambda k: d.clear()), d)
d = {i: i for i in range(10)}
print(some(d.items(), lambda kv: d.pop(kv[0])), len(d) < 10)
d = {i: i for i in range(100)}
print(some(d.values(), lambda v: d.pop(v, None) or d.setdefault(str(v), v)), len(d) > 40)

s = set(range(10))
print(some(s, lambda k: s.add(k + 1000)), len(s) > 10)
s = set(range(10))
print(some(s, lambda k: s.clear()), s)
q = deque((1, 2, 3), 10)
print(some(q, q.append), len(q) > 3)
q = deque((1, 2, 3), 10)
print(some(q, lambda x: q.popleft()), len(q) < 3)

b = bytearray(b"0123456789")
print(some(b, lambda x: b.extend(b"more")), len(b) > 10)
a = array("I", range(10))
print(some(a, a.append), len(a) > 10)

# Natives that walk, called back by what they walk.
l = [3, 1, 2]


def key(x):
    l.append(x)
    return x


try:
    l.sort(key=key)
except ValueError:
    l.sort()
print(sorted(set(l)))


class Grows:
    def __init__(self, room):
        self.room = room

    def __iter__(self):
        for i in range(5):
            self.room.append(i)
            yield i


l = []
l.extend(Grows(l))
print(len(l))
l = [9, 9]
l[0:1] = Grows(l)
print(sorted(l))
l = []
print(sum(Grows(l)), max(Grows(l)), sorted(Grows(l)), list(map(str, Grows(l))), len(l))
l = list("abc")
print(len(",".join(x + str(l.append("z") if len(l) < 10 else "") for x in l)) > 5)
l = [1, 2]
l += l
l.extend(l)
print(l)
b = bytearray(b"ab")
b += bytes(b)
b.extend(bytes(b))
b[1:3] = b
print(b)
