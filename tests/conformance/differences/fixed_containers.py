# Containers: what MicroPython does otherwise than CPython, and we do not.
from array import array
import struct

# Slices with steps.
items = [1, 2, 3, 4]
items[0:4:2] = [5, 6]
print(items)
del items[0:4:2]
print(items, (1, 2, 3, 4)[0:4:2])
items = [10, 20]
items[0:1] = range(4)
print(items)
room = bytearray(4)
room[0:1] = [1, 2]
print(room)

# Views of dicts are sets.
d = {1: 2, 3: 4}
print(d.keys() & {1}, d.keys() | {9} == {1, 3, 9}, d.items() & {(1, 2)}, d.keys() - [1])

# Arrays: comparison of different kinds, containment, deletion, steps.
print(1 in array("B", b"12"), 49 in array("B", b"12"))
a = array("b", (1, 2, 3, 4))
del a[1]
print(a, a[3:0:-2], a[::2])

# struct: too many values, white space.
try:
    struct.pack("bb", 1, 2, 3)
except Exception:
    print("too many")
print(struct.pack("b b", 1, 2), struct.calcsize(" h h "))


# Calls with more arguments than MicroPython counts.
def count(*args):
    return len(args)


more = ["a", "b", "c"]
# fmt: off
print(count(
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,
    60, 61, 62, 63, 64, 65, 66, 67, 68, *more,
))
# fmt: on
