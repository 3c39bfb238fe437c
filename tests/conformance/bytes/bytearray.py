# bytearray is a mutable bytes.
a = bytearray(b"hello")
a[0] = 72
a.append(33)
a.extend(b"??")
a += b"."
print(a, len(a), a[0], a[-1])
a[1:3] = b"EL"
print(a, a[1:4], bytes(reversed(a)))
print(bytearray(), bytearray(2), bytearray([1, 2]), bytearray("é", "utf-8"))
print(a == b"HELlo!??.", bytearray(b"x") + b"y", b"x" + bytearray(b"y"))
print(a.find(b"lo"), a.decode(), b"lo" in a, list(bytearray(b"ab")))
try:
    a[99] = 1
except IndexError:
    print("IndexError")
try:
    hash(a)
except TypeError:
    print("unhashable")
n = bytearray()
for i in range(300):
    n.append(i & 0xFF)
print(len(n), n[255], n[256], sum(n))
