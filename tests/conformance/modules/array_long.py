# Arrays of some length: compared, cut and joined in pieces.
# needs: memory
from array import array

a = array("i", range(5000))
b = array("i", a)
print(a == b, len(a + b), (a + b)[7500])
b[4999] = -1
print(a == b, a != b)
b[4999] = 4999
b[100] = 7
print(a == b)
print(list(a[::7][:5]), len(a[::7]), list(a[4990:]), list(a[::-1][:3]), len(a[1:4999]))
h = array("H", range(3000))
print(h[2999], sum(h[::3]), h == array("H", range(3000)), h == array("H", range(2999)))
h.extend(range(2000))
print(len(h), h[-1], sum(h))
x = array("B", bytes(range(250)) * 20)
print(len(x), sum(x), x[1:][0], bytes(x[3:9]))
