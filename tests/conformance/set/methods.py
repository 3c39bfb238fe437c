# add, remove, discard, pop, update, clear, copy.
s = set()
s.add("a")
s.add("b")
s.add("a")
print(sorted(s), len(s))
s.discard("zz")
s.discard("a")
print(s)
try:
    s.remove("zz")
except KeyError:
    print("KeyError")
s.update([1, 2], (3,), "xy")
print(len(s), 1 in s, "x" in s)
s.remove(1)
c = s.copy()
c.clear()
print(len(c), len(s))
one = {9}
print(one.pop(), one)
try:
    one.pop()
except KeyError:
    print("KeyError")
