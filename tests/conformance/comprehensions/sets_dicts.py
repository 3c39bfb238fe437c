# Set and dict comprehensions.
print(sorted({x % 3 for x in range(10)}))
print({c: i for i, c in enumerate("abc")})
print({k: v for k, v in zip("xyz", range(3)) if v})
d = {"one": 1, "two": 2}
print({v: k for k, v in d.items()})
print({n: [m for m in range(1, n + 1) if n % m == 0] for n in (6, 7, 8)})
print({i: j for i in range(3) for j in range(i)})
words = "the cat and the hat".split()
print(sorted({w: words.count(w) for w in words}.items()))
print({i // 2: i for i in range(6)})
