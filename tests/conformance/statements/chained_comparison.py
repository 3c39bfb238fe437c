# Chained comparisons evaluate each operand once and stop early.
def v(x):
    print("v", x, end="; ")
    return x


print(v(1) < v(2) < v(3))
print(v(3) < v(2) < v(1))
print(1 < 2 > 1 != 0 == 0)
print(1 < 3 < 2, 3 > 2 >= 2 > 1)
x = 5
print(0 <= x < 10, 0 <= x < 5)
print("a" < "b" < "c", 1 in [1] in [[1]], 1 is 1 is not None)
if 1 < v(2) <= v(2):
    print("in range")
