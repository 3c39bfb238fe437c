# uctypes: every scalar by its size and sign, at an address of a buffer.
import uctypes

names = ["UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64"]
names += ["USHORT", "SHORT", "UINT", "INT", "ULONGLONG", "LONGLONG"]
data = bytearray([0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88])
for name in names:
    kind = getattr(uctypes, name)
    s = uctypes.struct(uctypes.addressof(data), {"x": kind | 0}, uctypes.LITTLE_ENDIAN)
    print(name, s.x, uctypes.sizeof({"x": kind | 0}, uctypes.LITTLE_ENDIAN))
print(uctypes.ULONG in (uctypes.UINT32, uctypes.UINT64), uctypes.LONG in (uctypes.INT32, uctypes.INT64))
bits = {
    "u8": uctypes.BFUINT8 | 0 | 1 << uctypes.BF_POS | 3 << uctypes.BF_LEN,
    "i8": uctypes.BFINT8 | 0 | 5 << uctypes.BF_POS | 3 << uctypes.BF_LEN,
    "u16": uctypes.BFUINT16 | 0 | 4 << uctypes.BF_POS | 9 << uctypes.BF_LEN,
    "i16": uctypes.BFINT16 | 0 | 4 << uctypes.BF_POS | 12 << uctypes.BF_LEN,
    "u32": uctypes.BFUINT32 | 0 | 8 << uctypes.BF_POS | 20 << uctypes.BF_LEN,
    "i32": uctypes.BFINT32 | 0 | 12 << uctypes.BF_POS | 20 << uctypes.BF_LEN,
}
s = uctypes.struct(uctypes.addressof(data), bits, uctypes.LITTLE_ENDIAN)
for name in bits:
    print(name, getattr(s, name))
p = uctypes.struct(uctypes.addressof(data), {"p": (uctypes.PTR, uctypes.VOID)})
print(type(p).__name__, uctypes.VOID == uctypes.UINT8)
