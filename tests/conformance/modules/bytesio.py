# io.BytesIO: binary files in memory.
import io

b = io.BytesIO(b"0123456789")
print(b.read(2), b.read(3), b.tell(), b.read(), b.read())
b.seek(4)
print(b.write(b"XY"), b.getvalue(), b.tell())
b.seek(-3, 2)
print(b.read(), b.seek(2), b.seek(1, 1), b.read(1))
buffer = bytearray(4)
b.seek(0)
print(b.readinto(buffer), buffer)
c = io.BytesIO()
c.write(b"line 1\nline 2\n")
c.write(bytearray(b"end"))
c.seek(0)
print(c.readline(), [line for line in c], c.getvalue())
