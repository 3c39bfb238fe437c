# What arithmetic with mixed types gives.
print(type(1 + 1.0) is float, type(2**0.5) is float, type(1 / 1) is float, type(2**-1) is float)
print(1 + 2.5, 2.5 + 1, True + 1.5, 10**20 + 0.5, 2**70 * 1.0 == 2.0**70)
print(3 - 0.5, 7 // 2.0, 7 % 2.5, divmod(-7, 2.0))
print(5.0 == 5, hash(5.0) == hash(5), {5: "int"}[5.0])
print(abs(-2.5), min(1, 0.5), max(2, 2.5), sum([0.5, 1, 2]))
for bad in (lambda: 1.5 << 1, lambda: 1.5 & 1, lambda: ~1.5, lambda: "a" + 1.5):
    try:
        bad()
    except TypeError:
        print("TypeError")
