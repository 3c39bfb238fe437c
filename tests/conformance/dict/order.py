# Dicts keep the order of insertion.
d = {}
for word in "the quick brown fox jumps over the lazy dog".split():
    d[word] = len(word)
print(list(d))
d["quick"] = 0
print(list(d.items()))
del d["brown"]
d["brown"] = 99
print(list(d.values()))
print([d.popitem() for _ in range(2)])
for i in range(50):
    d[i] = i
for i in range(0, 50, 2):
    del d[i]
print(list(d)[-5:], len(d))
print(dict({"x": 1}, y=2))
e = dict.fromkeys("zyx", 0)
print(e)
e.update(w=1, z=5)
print(e)
