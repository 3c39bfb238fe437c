# All kinds of keys.
d = {}
for key in (1, -1, 2**40, 2**80, "s", b"b", 1.5, None, True, (1, (2, 3)), frozenset([1]), print, int):
    d[key] = repr(key) if key not in (print, int) else "callable"
print(len(d))
print(d[1.0], d[2**40], d[2**80], d["s"], d[b"b"], d[3 / 2], d[None], d[(1, (2, 3))])
print(d[frozenset([1])], d[print], d[int], 2**80 in d, (1, 2) in d)
d[0] = "zero"
d[-(2**80)] = "neg"
print(d[False], d[0.0], d[-(2**80)])
words = {}
for c in "mississippi":
    words[c] = words.get(c, 0) + 1
print(words)
