# struct: pack and unpack in every byte order.
import struct

print(struct.pack("<bBhHiI", -1, 255, -2, 65535, -3, 4294967295))
print(struct.pack(">hHiIqQ", -2, 1, -3, 2, -4, 2**64 - 1))
print(struct.unpack("<hI", b"\xff\xff\x01\x00\x00\x00"), struct.unpack(">H", b"\x01\x02"))
print(struct.calcsize("<bhi"), struct.calcsize(">q2h"), struct.calcsize("4s"), struct.calcsize("<I3B"))
print(struct.pack("<f", 1.5), struct.pack(">d", -2.25), struct.unpack("<fd", struct.pack("<fd", 0.5, 1e10)))
print(struct.pack("4s", b"ab"), struct.pack("2s3s", b"xyz", b"q"), struct.unpack("3s", b"abc"))
print(struct.pack("<3b", 1, 2, 3), struct.unpack("<2xH", b"..\x05\x00"), struct.pack("<hb", True, 7))
buffer = bytearray(8)
struct.pack_into("<HH", buffer, 2, 1, 2)
print(buffer, struct.unpack_from("<H", buffer, 4), struct.unpack_from(">I", b"\0\0\0\0\0\0\1\0", 4))
for bad in (lambda: struct.unpack("<I", b"123"), lambda: struct.pack_into("<I", bytearray(2), 0, 1)):
    try:
        bad()
    except Exception as e:
        print("refused")
