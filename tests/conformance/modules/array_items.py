# array: typed numbers in a row.
from array import array

a = array("i", [1, -2, 3])
print(a, len(a), a[0], a[-1], list(a), a[1:])
a.append(4)
a.extend(array("i", [5]))
a[0] = 100
print(a, sum(a), 4 in list(a))
print(array("b"), array("B", b"\x01\x02"), array("d", [0.5, 1]), array("H", range(3)), array("q", [2**40]))
print(array("i", [1, 2]) == array("i", [1, 2]), array("f", [1.5])[0], bytes(array("B", [65, 66])))
total = 0
for x in array("h", [10, -20, 30]):
    total += x
print(total, [x * 2 for x in array("I", [1, 2**31])])
for bad in (lambda: a[9], lambda: array("i", [1])[-2]):
    try:
        bad()
    except IndexError:
        print("IndexError")
for bad in (lambda: array("i", ["a"]), lambda: array("i", 5)):
    try:
        bad()
    except TypeError:
        print("TypeError")
b = array("h", [1, 2, 3])
m = memoryview(b)
m[1] = -7
print(b, m[2], len(m))
