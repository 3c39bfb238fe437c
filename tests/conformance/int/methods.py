# to_bytes and from_bytes.
print((1000).to_bytes(2, "big"), (1000).to_bytes(4, "little"), (0).to_bytes(1, "big"))
print(int.from_bytes(b"\x03\xe8", "big"), int.from_bytes(b"\xe8\x03\x00", "little"))
n = 0x0102030405060708090A0B0C
print(n.to_bytes(12, "big"), n.to_bytes(14, "little"))
print(int.from_bytes(n.to_bytes(12, "big"), "big") == n)
print(int.from_bytes(b"", "big"), int.from_bytes(bytearray(b"\xff" * 9), "little"))
try:
    (256).to_bytes(1, "big")
except OverflowError:
    print("too big")
try:
    (1).to_bytes(-1, "little")
except ValueError:
    print("negative length")
