# Iterating, unpacking and converting strings.
a, b, c = "xyz"
print(a, c, list("hi"), tuple("hi"), sorted("hello"), list(reversed("abc")))
print([c for c in "a-b" if c != "-"], list(enumerate("ab")), list(zip("ab", "cd")))
print(max("hello"), min("hello"), "".join(sorted(set("banana"))), dict(zip("ab", (1, 2))))
print(str(), str(1), str(1.5), str([1, "a"]), str(None), str(b"by", "utf-8"), str(b"b"))
it = iter("ab")
print(next(it), next(it), next(it, "end"))
print(any(c.isdigit() for c in "ab1"), sum(ord(c) for c in "abc"))
