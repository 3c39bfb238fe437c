# Ints compare by value, whatever their size, with floats and bools too.
values = [-(10**20), -(2**31), -5, 0, 5, 2**31, 10**20, 2**100]
for i, a in enumerate(values):
    for j, b in enumerate(values):
        assert (a < b) == (i < j) and (a == b) == (i == j) and (a >= b) == (i >= j), (a, b)
print(sorted(values, reverse=True))
print(1 == 1.0, 1 < 1.5, 2**70 > 1e20, 2**66 == 2.0**66, 2**53 == 2.0**53)
print(True == 1, False < True, 1 == "1", 0 == None, 5 != "5")
print(10**20 is None, 10**20 == 10**20, 10**20 != 10**20 + 1, hash(2**70) == hash(2**70))
for bad in (lambda: 1 < "1", lambda: None > 2**80):
    try:
        bad()
    except TypeError:
        print("TypeError")
