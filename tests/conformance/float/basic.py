# Literals, arithmetic and printing of floats.
# needs: double
print(1.5 + 2.25, 1.5 - 2, 3 * 0.5, 7.0 / 2, -1.5, +2.5)
print(0.1 + 0.2, 1 / 3, 1e100, 1e-7, 123456789.123, 1e16, 1e15, 0.0001, 0.00001)
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(7.5, 2))
print(2.0**10, 2**0.5, 4.0**-1, 0.0 == -0.0, -0.0)
print(1.0, 100.0, 1e22, 1e21, 5e-324, 1.7976931348623157e308)
print(3.0 == 3, 2.5 > 2, 1.5 < 1, 0.5 != 1 / 2)
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0):
    try:
        f()
    except ZeroDivisionError:
        print("ZeroDivisionError")
