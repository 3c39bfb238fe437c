# A dict with many keys that come and go.
d = {}
for i in range(1000):
    d["key%d" % i] = i
print(len(d), d["key0"], d["key999"], "key1000" in d)
for i in range(0, 1000, 3):
    del d["key%d" % i]
print(len(d), sum(d.values()))
for i in range(0, 1000, 3):
    d[i] = -i
print(len(d), sum(d.values()), all(d["key%d" % i] == i for i in range(1000) if i % 3))
first = list(d)[:5]
print(first, list(d)[-3:])
d.clear()
print(len(d), d)
squares = {i: i * i for i in range(-200, 200)}
print(sum(squares[i] == i * i for i in range(-200, 200)))
