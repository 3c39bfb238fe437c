# A ring of bytes between a writer and a reader.
from micropython import RingIO

ring = RingIO(8)
print(ring.any(), ring.write(b"hello"), ring.any(), ring.read(2), ring.any())
print(ring.write(b"wrapped"), ring.any(), ring.read())
print(ring.read(), ring.any(), ring.write(b"a line\nb"))
print(ring.readline(), ring.readline(), ring.readline())
room = bytearray(4)
ring.write(b"123456")
print(ring.readinto(room), room, ring.readinto(room, 1), room, ring.readinto(room), room)
own = bytearray(5)
ring = RingIO(own)
print(ring.write(b"abcdefgh"), ring.any(), ring.read(9))
print(ring.close())
for wrong in (0, -1, "x", b"bytes"):
    try:
        RingIO(wrong)
        print("made", wrong)
    except (ValueError, TypeError) as e:
        print(type(e).__name__)
