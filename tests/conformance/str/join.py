# join takes any iterable of strings.
print(",".join(["a", "b"]), "".join("xyz"), "-".join(("one",)), "+".join([]) == "")
print(" ".join(str(i) for i in range(5)), "é".join(["1", "2"]), ", ".join({"k": 1}))
try:
    ",".join(["a", 1])
except TypeError:
    print("TypeError")
try:
    ",".join(5)
except TypeError:
    print("TypeError")
parts = []
for i in range(200):
    parts.append(chr(97 + i % 26))
text = "".join(parts)
print(len(text), text[:30], text[-3:])
