# Shifts keep the sign; right shifts round towards minus infinity.
for n in (1, -1, 5, -5, 2**31, -(2**31), 2**64 + 3, -(2**64) - 3):
    print(n << 0, n << 1, n << 33, n << 64, n >> 1, n >> 31, n >> 70)
print(1 << 100, (1 << 100) >> 99, -1 >> 100, -1 << 100)
print(0 << 1000, 0 >> 1000, 3 << 29, 3 << 30, 3 << 62)
for f in (lambda: 1 << -1, lambda: 1 >> -1, lambda: 2**70 << -1):
    try:
        f()
    except ValueError:
        print("negative shift")
