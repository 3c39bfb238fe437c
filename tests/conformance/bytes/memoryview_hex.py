# memoryview.hex, and whose bytes a view of a view shows.
m = memoryview(b"\x00\x7f\xff")
print(m.hex(), m[1:].hex(), memoryview(bytearray(b"ab")).hex(), memoryview(b"").hex())
b = bytearray(b"abc")
print(bytes(memoryview(memoryview(b)[1:])), memoryview(b) == b"abc", memoryview(b) == memoryview(b"abc"), memoryview(b) != b"abd")
