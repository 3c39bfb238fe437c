# mem8, mem16, mem32: memory by address.
import uctypes
from machine import mem8, mem16, mem32
import machine

buf = bytearray(b'\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10')
at = (uctypes.addressof(buf) + 3) & ~3
off = at - uctypes.addressof(buf)
print(mem8[at] == buf[off], mem16[at] == buf[off] | buf[off + 1] << 8)
mem32[at] = 0x80ff0102
print(hex(mem32[at]), bytes(buf[off:off + 4]), mem8, machine.mem32)
mem16[at] = -1
mem8[at + 3] = 0x1ff
print(hex(mem32[at]))
for f in (lambda: mem32[at + 1], lambda: mem16[at + 1], lambda: mem8[-1], lambda: mem8['x'], lambda: mem8[1 << 70]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    del mem8[at]
except TypeError as e:
    print(e)
