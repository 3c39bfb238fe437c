# Views compare item by item, whatever the layouts of their items are; and against other objects with bytes.
from array import array

values = [
    array("B", [1, 2]),
    array("b", [1, 2]),
    array("h", [1, 2]),
    array("i", [1, 2]),
    array("q", [1, 2]),
    array("Q", [1, 2**63]),
    array("f", [1.0, 2.0]),
    array("d", [1.0, 2.0]),
    array("d", [1.0, float("nan")]),
    array("h", [513]),
    array("b", [-1, 2]),
    array("B", [255, 2]),
    array("h", []),
    b"\1\2",
    bytearray(b"\1\2\3"),
    b"",
]
for i, x in enumerate(values):
    print(i, [int(memoryview(x) == memoryview(y)) for y in values], [int(memoryview(x) != y) for y in values])
print([memoryview(b"ab") == x for x in ("ab", [97, 98], None, b"ab", bytearray(b"ab"))])

# Zeros of both signs, and numbers that no float holds.
print(memoryview(array("d", [0.0])) == memoryview(array("d", [-0.0])))
print(memoryview(array("d", [2.0**60])) == memoryview(array("q", [2**60])))
print(memoryview(array("d", [2.0**60])) == memoryview(array("q", [2**60 + 1])))

# Parts, and long ones that differ at their end.
long = array("i", range(1000))
wide = array("q", range(1000))
print(memoryview(long)[5:9] == memoryview(wide)[5:9], memoryview(long)[5:9] == memoryview(wide)[5:10])
print(memoryview(long) == memoryview(wide), long == array("i", range(1000)))
wide[999] = 0
print(memoryview(long) == memoryview(wide), memoryview(long) != memoryview(wide))
print(memoryview(long)[:999] == memoryview(wide)[:999])
