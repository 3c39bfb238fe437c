# The rest of the methods that bytes and bytearray share: from the right, affixes, classes of characters.
for make in (bytes, bytearray):
    text = make(b"one two one")
    print(text.rindex(b"one"), text.rindex(b"one", 0, 8), text.rindex(b""), text.rindex(b"o", 4))
    for missing in (b"three", b"one."):
        try:
            print(text.rindex(missing))
        except ValueError:
            print("ValueError", missing)
    print(text.rpartition(b" "), text.rpartition(b"one"), text.rpartition(b"-"))
    try:
        text.rpartition(b"")
    except ValueError:
        print("ValueError: no separator")
    print(text.removeprefix(b"one"), text.removeprefix(b"two"), text.removeprefix(b""))
    print(text.removesuffix(b" one"), text.removesuffix(b"two"), text.removesuffix(text))
    for part in (b"", b" ", b" \t\n\r\x0b\x0c", b"a b", b"aB1", b"abc", b"ABC", b"a-c", b"A-C", b"12", b"1a", b"\xe9", b"_"):
        part = make(part)
        print(part, part.isspace(), part.isalnum(), part.isupper(), part.islower(), part.isalpha(), part.isdigit())
    for method in ("removeprefix", "removesuffix"):
        try:
            print(getattr(text, method)("one"))
        except TypeError:
            print("TypeError", method)
kept = bytearray(b"abc")
cut = kept.removeprefix(b"x")
cut.append(100)
print(kept, cut)
