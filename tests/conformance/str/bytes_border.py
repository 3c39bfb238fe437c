# Where text and bytes meet: encode, decode, and mixing them.
text = "naïve café ☕"
data = text.encode()
print(len(text), len(data), data.decode() == text, bytes(text, "utf-8") == data, str(data, "utf8") == text)
print(data[2], text[2], data[:4], text[:4], [hex(b) for b in "☕".encode()])
print("abc".encode("ascii"), b"abc".decode("ascii"), bytearray("é".encode()), bytearray(b"ok").decode())
for bad in (b"\x80", b"\xc3", b"\xe2\x98", b"a\xffb"):
    try:
        bad.decode()
        print("accepted", bad)
    except UnicodeError:
        print("UnicodeError", bad)
print("a" == b"a", b"a" == bytearray(b"a"), {"a": 1}.get(b"a"))
