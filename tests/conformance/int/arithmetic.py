# + - * on small ints, and the way from small to big and back.
print(7 + 5, 7 - 5, 7 * 5, -7, +7, -(-7))
limits = [0, 1, 2**29, 2**30 - 1, 2**30, 2**31 - 1, 2**31, 2**62, 2**63 - 1, 2**63, 2**64]
for n in limits:
    print(n, n + 1, n - 1, -n, -n - 1, n * 2, n * n)
x = 2**30
print(x - 1 + 1 == x, (x + x) // 2 == x, x * x // x == x)
print(2**62 - 2**62, 2**63 - 2**63 + 5, (2**100 - 1) - (2**100 - 2))
print(0 * 10**30, 10**30 * 0, 10**30 - 10**30)
