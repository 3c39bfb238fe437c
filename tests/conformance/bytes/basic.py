# bytes: literals, making, indexing, slicing, joining.
b = b"abc\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], list(b))
print(bytes(), bytes(3), bytes([65, 66]), bytes("é", "utf-8"), bytes(b"copy"), bytes(range(3)))
print(b + b"!", b"ab" * 2, b"b" in b, 98 in b, 200 in b, b == b"abc\x00\xff", b"a" < b"b")
print(b"".join([b"x", b"y"]), b", ".join((b"1", b"2")), b"a-b".split(b"-"), b"abc".find(b"c"))
print(hash(b"k") == hash(b"k"), {b"k": 1}[b"k"], b"" or "empty", bool(b"0"))
for bad in (lambda: bytes([256]), lambda: bytes([-1])):
    try:
        bad()
    except (ValueError, OverflowError):
        print("out of range")
for bad in (lambda: b"a" + 5, lambda: b"a" < 5):
    try:
        bad()
    except TypeError:
        print("TypeError")
try:
    b[0] = 1
except TypeError:
    print("immutable")
print(b"a" == "a")
