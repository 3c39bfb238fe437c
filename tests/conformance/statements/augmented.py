# Augmented assignment on names, attributes and items; the target is evaluated once.
def index():
    print("index evaluated")
    return 1


values = [1, 2, 3]
values[index()] += 10
print(values)


class Box:
    n = 5


b = Box()
b.n += 1
print(b.n, Box.n)
x = 7
x -= 2
x *= 3
x //= 2
x %= 5
x **= 4
print(x)
x <<= 3
x >>= 1
x |= 3
x &= 0xF6
x ^= 1
print(x)
y = 7
y /= 2
print(y)
s = "a"
s += "b"
s *= 3
print(s)
d = {"k": [1]}
d["k"] += [2]
print(d)
