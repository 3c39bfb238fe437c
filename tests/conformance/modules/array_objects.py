# array.array('O'): references to objects; 'P' and 'S' are addresses
import array, gc

a = array.array("O", [1, "x"])
a.append([2])
a.extend((None, 3.5))
gc.collect()
print(a, len(a), bool(a), a[2], a[-1], a[1:3])
a[0] = {}
a[1:3] = array.array("O", "ab")
del a[-1]
print(a, list(a), "b" in a, [x for x in a])
b = a + array.array("O", [()])
b += array.array("O", [b"y"])
print(b, bool(array.array("O")))
for other in (a, array.array("b"), array.array("P")):
    try:
        print(a == other)
    except NotImplementedError:
        print("NotImplementedError")
try:
    array.array("P") == array.array("l")
except NotImplementedError:
    print("NotImplementedError")
for f in (lambda: memoryview(a), lambda: b"" + a, lambda: a + array.array("b")):
    try:
        print(f())
    except TypeError:
        print("TypeError")
p = array.array("P", [1])
p.append(2)
print(p, p == array.array("P", [1, 2]))
loop = array.array("O")
loop.append(loop)
del loop
gc.collect()
