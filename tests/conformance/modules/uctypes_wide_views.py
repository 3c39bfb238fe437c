# Views of memory at addresses begin below 2**56; nothing is read until an item is asked for
# needs: files
import uctypes

most = (1 << 56) - 1
m = memoryview(uctypes.bytearray_at(0, most + 2))
print(len(m) == most + 2, m.nbytes == most + 2, m.readonly)
print(m[most : most + 1], len(m[10:-10]) == most - 18)
try:
    m[most + 1 : most + 2]
except OverflowError:
    print("OverflowError")
print(bytes(m[most : most + 1]), len(uctypes.bytearray_at(8, 0)))
b = bytearray(b"abcdef")
v = uctypes.bytearray_at(uctypes.addressof(b) + 1, 4)
print(v, v[1:3], memoryview(v), bytes(memoryview(v)[1:]))
v[0] = 66
print(b, v[3], v[-1])
