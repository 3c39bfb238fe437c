# Assigning to and deleting slices.
a = list(range(8))
a[2:4] = ["a", "b", "c"]
print(a)
a[0:0] = [-1]
a[len(a) :] = [99]
print(a)
a[1:5] = []
print(a)
a[:2] = ("x", "y", "z")
print(a)
a[2:2] = [i * i for i in range(3)]
print(a)
del a[1:4]
print(a)
del a[:]
print(a)
b = [1, 2, 3]
b[1:2] = b
print(b)
b[:] = [b[0]]
print(b)
