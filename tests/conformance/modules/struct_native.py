# Native alignment, and formats built at run time.
import struct

print(struct.calcsize("bi") == 8, struct.calcsize("bh"), struct.calcsize("!h"))
header = struct.pack("<4sHHI", b"PYRT", 1, 2, 1000)
magic, major, minor, size = struct.unpack("<4sHHI", header)
print(magic, major, minor, size, len(header))
for n in range(1, 4):
    values = tuple(range(n))
    assert struct.unpack("<%dB" % n, struct.pack("<%dB" % n, *values)) == values
records = b"".join(struct.pack("<Bh", i, -i * 100) for i in range(4))
print([struct.unpack_from("<Bh", records, i * 3) for i in range(4)])
print(struct.unpack("<b", b"\x80"), struct.unpack("<q", b"\xff" * 8), struct.unpack("<Q", b"\xff" * 8))
