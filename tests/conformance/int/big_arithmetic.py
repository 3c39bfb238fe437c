# Addition, subtraction and multiplication with many words and carries.
a = 2**128 - 1
b = 2**64 + 1
print(a + 1, a - b, a * b, b - a)
print(a + -a, a - 2**128, (a + 1) * (a - 1))
n = 1
for i in range(1, 31):
    n *= i
print(n)
for i in range(30, 0, -1):
    n //= i
print(n)
f = [0, 1]
for _ in range(150):
    f.append(f[-1] + f[-2])
print(f[100], f[150])
print(99999999999999999999 * 99999999999999999999)
print(-(3**80) + 3**80 * 2 - 3**80)
