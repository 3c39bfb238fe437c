# Item sizes and limits of the array types.
from array import array

for code, low, high in (("b", -128, 127), ("B", 0, 255), ("h", -32768, 32767), ("H", 0, 65535)):
    a = array(code, [low, high])
    print(code, a[0], a[1], len(bytes(memoryview(a))) if code in "bB" else len(a))
for code, low, high in (("i", -(2**31), 2**31 - 1), ("I", 0, 2**32 - 1), ("q", -(2**63), 2**63 - 1), ("Q", 0, 2**64 - 1)):
    a = array(code, [low, high, 0])
    a[2] = high // 2
    print(code, list(a))
for code in "fd":
    a = array(code, [0.25, -1e10])
    print(code, list(a))
try:
    array("z")
except ValueError:
    print("ValueError")
