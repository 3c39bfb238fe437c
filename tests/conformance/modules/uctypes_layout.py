# uctypes: scalars of every type in each layout, bit fields, arrays, pointers, nested structs, sizes, what is refused.
import uctypes as u

data = bytearray(32)
at = u.addressof(data)
names = ("UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64")
for layout in (u.LITTLE_ENDIAN, u.BIG_ENDIAN, u.NATIVE):
    for i, name in enumerate(names):
        s = u.struct(at, {"x": getattr(u, name) | 8}, layout)
        for n in (0, 1, 100, 127):
            s.x = n
            assert s.x == n
        s.x = -1
        size = u.sizeof({"x": getattr(u, name)})
        assert s.x == (-1 if i & 1 else (1 << 8 * size) - 1), (name, s.x)
        s.x = 0
u.struct(at, {"x": u.UINT32 | 1}, u.BIG_ENDIAN).x = 0x01020304
u.struct(at, {"x": u.INT16 | 6}, u.LITTLE_ENDIAN).x = -2
print(data[:8])
print(u.struct(at, {"x": u.UINT32 | 1}, u.LITTLE_ENDIAN).x == 0x04030201)

f = u.struct(at, {"a": u.FLOAT32 | 0, "b": u.FLOAT64 | 8}, u.LITTLE_ENDIAN)
f.a, f.b = 1.5, -0.25
print(f.a, f.b, data[:4])

bits = {
    "low": u.BFUINT16 | 0 | 0 << u.BF_POS | 5 << u.BF_LEN,
    "mid": u.BFUINT16 | 0 | 5 << u.BF_POS | 6 << u.BF_LEN,
    "high": u.BFUINT16 | 0 | 11 << u.BF_POS | 5 << u.BF_LEN,
    "all": u.UINT16 | 0,
}
b = u.struct(at, bits, u.LITTLE_ENDIAN)
b.all = 0
b.low, b.mid, b.high = 3, 33, 17
print(b.low, b.mid, b.high, b.all == 3 | 33 << 5 | 17 << 11)
b.mid = 0xFFFF
print(b.low, b.mid, b.high)

point = {"x": u.INT16 | 0, "y": u.INT16 | 2}
shape = {
    "n": u.UINT8 | 0,
    "points": (u.ARRAY | 2, 3, point),
    "first": (2, point),
    "raw": (u.ARRAY | 2, u.UINT8 | 12),
    "shorts": (u.ARRAY | 2, u.UINT16 | 6),
    "to": (u.PTR | 16, point),
    "tobyte": (u.PTR | 16, u.UINT8),
}
s = u.struct(at, shape)
for i in range(3):
    s.points[i].x, s.points[i].y = i, -i
print([(s.points[i].x, s.points[i].y) for i in range(3)], s.first.x, s.shorts[2], s.raw[4])
s.shorts[5] = 7
print(s.points[2].y, len(s.raw), bytes(s.raw)[-2:], bytes(u.bytes_at(at + 12, 2)))
view = s.raw
view[0:2] = b"\x05\x00"
print(s.first.x, view[:2] == b"\x05\x00", type(s.points).__name__)

buf = u.struct(at, {"p": (u.PTR | 16, u.UINT8)})
u.struct(at, {"p": u.UINT64 | 16 if u.sizeof({"p": (u.PTR | 0, u.UINT8)}) == 8 else u.UINT32 | 16}).p = at + 2
print(int(buf.p) == at + 2, buf.p[0], s.tobyte[0], s.to[1].x, s.to[2].y)

print(u.sizeof(point), u.sizeof(shape, u.LITTLE_ENDIAN) - u.sizeof({"p": (u.PTR | 0, u.UINT8)}), u.sizeof({}))
print(u.sizeof({"a": u.UINT8 | 0, "b": u.UINT32 | 4, "c": u.UINT8 | 8}), u.sizeof({"a": u.UINT32 | 0, "b": u.UINT8 | 4}, u.LITTLE_ENDIAN))
print(u.sizeof(s.points), u.sizeof(s.raw), u.sizeof(s.first), len(bytearray(s.first)))
m = u.bytearray_at(at, 4)
m[0] = 9
print(data[0], m, bytes(m) == bytes(data[:4]))


def fails(f):
    try:
        f()
        print("done")
    except (TypeError, IndexError, OverflowError, ValueError, AttributeError, RuntimeError) as e:
        print(type(e).__name__)


loop = {}
loop["again"] = (0, loop)
for f in (
    lambda: u.struct(data, {}),
    lambda: u.struct(-1, {}),
    lambda: u.struct(1 << 60, {}),
    lambda: u.struct(at, {}, 5),
    lambda: u.sizeof([]),
    lambda: u.sizeof({"x": "y"}),
    lambda: u.sizeof(loop),
    lambda: s.nothing,
    lambda: s.points[3],
    lambda: s.points[-1],
    lambda: s[0],
    lambda: setattr(s, "points", 1),
    lambda: hash(s),
    lambda: u.addressof(5),
    lambda: u.bytes_at(at, -1),
):
    fails(f)
