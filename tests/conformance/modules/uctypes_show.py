# uctypes: how structs show, and their bytes as a buffer.
import io
import uctypes as u

data = bytearray(b"abcdefgh")
at = u.addressof(data)
point = {"x": u.UINT8 | 0, "y": u.UINT8 | 1}
s = u.struct(at, {"one": (0, point), "some": (u.ARRAY | 2, u.UINT16 | 2), "to": (u.PTR | 0, point), "both": (u.ARRAY | 0, 2, point)})
print(repr(s).startswith("<struct STRUCT "), repr(s).endswith("%x>" % at))
print([repr(v).split()[:2] for v in (s.one, s.some, s.to, s.both)])
print(repr(s.some).endswith("%x>" % (at + 2)))
p = u.struct(at + 2, point)
print(bytes(p), bytearray(s.some), bytes(memoryview(s.one)), b'x' + p, b','.join([p, p]), int.from_bytes(p, "little") == 0x6463)
out = io.BytesIO()
print(out.write(s.both), out.getvalue())
v = memoryview(p)
v[0] = 90
print(data, p.x)
print([s.both[i].x for i in range(2)])
for v in (s.some, s.both, p):
    try:
        print(list(v))
    except TypeError:
        print("TypeError")
