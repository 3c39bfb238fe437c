# Natives that take bytes take whatever holds them: views, arrays.
from array import array

for b in (b"\x01\x02", bytearray(b"\x01\x02"), memoryview(b"\x00\x01\x02")[1:], array("B", [1, 2])):
    print(type(b).__name__, int.from_bytes(b, "little"), int.from_bytes(b, "big"))
for b in (memoryview(b" 12 "), bytearray(b" 12 "), memoryview(b" 12 ")[1:]):
    print(int(b), float(b))
exec(memoryview(b"print('from a view')"))
exec(bytearray(b"print('from a byte array')"))
print(eval(memoryview(b"1 + 1")), eval(bytearray(b"2 + 2")))
