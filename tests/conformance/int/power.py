# ** with negative exponents gives floats; pow with three arguments is modular.
print(2**0, 0**0, 2**10, (-2) ** 3, (-2) ** 4, -(2**4), 10**30)
print(2**-1, 4**-2, (-2) ** -1, 3**100)
print(pow(2, 10), pow(3, 4, 5), pow(7, 0, 13), pow(2, 100, 10**9 + 7))
print(pow(123456789, 987654321, 1000000007), pow(3, 200, 2**64))
print(pow(10**20, 3, 10**15 + 37), pow(-7, 3, 10), pow(5, 117, 19))
try:
    0**-1
except ZeroDivisionError:
    print("ZeroDivisionError")
print(2**3**2, (2**3) ** 2)
