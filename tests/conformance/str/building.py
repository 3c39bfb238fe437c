# Long strings built piece by piece.
s = ""
for i in range(300):
    s += str(i)
print(len(s), s[:20], s[-9:], s.count("1"))
rows = []
for y in range(5):
    rows.append("".join("*" if (x + y) % 3 == 0 else "." for x in range(12)))
print("\n".join(rows))
print(("ab" * 1000)[997:1003], len("x" * 5000), ("=" * 20))
word = "a"
for _ in range(8):
    word += "".join(reversed(word)) + "b"
print(len(word), word[:32])
