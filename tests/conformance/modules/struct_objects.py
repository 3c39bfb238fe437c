# struct's 'O': a reference to an object, which it does not keep alive; 'S': the text at an address
import gc, struct


class A:
    pass


o = A()
s = struct.pack("<O", o)
gc.collect()
print(struct.unpack("<O", s)[0] is o, len(s) == struct.calcsize("O"))
values = (1, -5, None, True, "", "abc", int, A, [1], {}, ...)
s = struct.pack("O" * len(values), *values)
print([a is b for a, b in zip(struct.unpack("O" * len(values), s), values)])
try:
    struct.pack("O", print)
except TypeError:
    print("TypeError")
bad = 0
for n in range(2, 3000):
    if n & 1:
        continue
    try:
        v = struct.unpack("O", struct.pack("P", n))[0]
        repr(v)
    except ValueError:
        bad += 1
print(bad > 1000)
s = struct.pack("O", A())
gc.collect()
try:
    print(struct.unpack("O", s))
except ValueError:
    print("gone")
o = A()
buf = bytearray(16)
struct.pack_into("O", buf, 8, o)
print(struct.unpack_from("O", buf, 8)[0] is o)
import uctypes

for t in ("abc", "a name", "four", "é" * 9):
    s = struct.pack("<S", uctypes.addressof(t))
    print(struct.unpack("<S", s)[0] == t)
for n in (0, 1, 1 << 20, uctypes.addressof(b"bytes")):
    try:
        struct.unpack("S", struct.pack("P", n))
        print("?")
    except ValueError:
        print("ValueError")
