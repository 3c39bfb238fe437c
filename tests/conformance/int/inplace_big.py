# Augmented assignment makes new ints; old names keep the old value.
a = b = 2**70
a += 1
print(a, b, a - b)
a <<= 10
a |= 1
a //= 3
a %= 10**15
print(a, b)
b **= 2
b >>= 100
b ^= 0xFF
b &= ~0xF
b -= 2**40
print(b)
n = 1
for _ in range(80):
    n += n
print(n, n == 2**80)
