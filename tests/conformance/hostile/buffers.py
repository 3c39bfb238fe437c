# Buffers that shrink, grow and overlap while they are read and written.
import io, struct
from array import array


def attempt(f):
    try:
        return f()
    except Exception as e:
        return type(e).__name__


b = bytearray(range(16))
m = memoryview(b)
m[4:8] = m[0:4]
m[1:9] = m[0:8]
print(b)
m = None
b[2:4] = b
print(len(b))
b[0:0] = b[5:10]
print(len(b), attempt(lambda: b.__setitem__(slice(0, 3, 2), b"xy") if hasattr(b, "__setitem__") else None))


class Shrinks(io.IOBase):
    def __init__(self, room):
        self.room = room

    def readinto(self, to):
        for i in range(len(to)):
            to[i] = 65
        self.room[:] = b""
        return len(to)

    def write(self, data):
        self.room[:] = b""
        return len(data)


for size in (1, 10, 1000):
    room = bytearray(size)
    s = io.BytesIO(bytes(size))
    print(s.readinto(room), len(room), attempt(lambda: s.readinto(memoryview(room)[size // 2 :])))
print(attempt(lambda: struct.pack_into("<I", bytearray(2), 0, 1)) in ("ValueError", "error"))
print(attempt(lambda: struct.unpack_from("<I", b"ab", 1)) in ("ValueError", "error"))
room = bytearray(8)
struct.pack_into(">HH", room, -4, 1, 2)
print(room)
a = array("H", [1, 2, 3])
a.extend(a)
a += a
print(len(a), a[11])
a[1:1] = a[0:2]
print(list(a)[:5])
for bad in (lambda: memoryview(a)[100], lambda: memoryview(b"abc")[3], lambda: bytes(-1), lambda: bytearray(10**30)):
    print(attempt(bad), end=" ")
print()
