# Factorials and their digits with big ints.
def factorial(n):
    r = 1
    for i in range(2, n + 1):
        r *= i
    return r


for n in (5, 12, 20, 21, 30, 50, 100):
    print(n, factorial(n))
f = factorial(120)
s = str(f)
print(len(s), sum(int(c) for c in s), len(s) - len(s.rstrip("0")))
print(factorial(40) // factorial(37), factorial(30) % (10**9 + 7))
g = factorial(60)
for i in range(60, 0, -1):
    assert g % i == 0
    g //= i
print(g, hex(factorial(34)))
