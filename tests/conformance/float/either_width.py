# Floats that single and double precision agree on.
print(1.5 + 2.25, 7.0 / 2, -7.5 // 2, 7.5 % -2, divmod(7.5, 2), 2.0**10, 0.5**3, abs(-2.5))
print("%.4f %.3e %g %6.2f|%-8.1f|" % (0.125, 1536, 0.5, -2.25, 3.5), "{:.2f} {:08.3f}".format(1.25, -0.5))
print(int(3.99), int(-3.99), round(2.5), round(-1.25, 1), float("1.5e3"), float("-.25"), float(7))
print(1.0, 100.0, 1e-5, 1e10, 0.1, 12345.5, float("inf"), -float("inf"), float("nan"))
print(1.5 < 2, 2.0 == 2, 0.25 in [0.25], max(1, 1.5), sum([0.5, 0.25]), sorted([2.5, -1, 0.5]))
print("%.5g" % (2**0.5), "%.5g" % (1 / 3), "%.5g" % 3.14159274, 16**0.5 == 4)
x = 0.0
for i in range(16):
    x += 0.125
print(x, x == 2, x.__class__ is float)
for bad in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: float("x")):
    try:
        bad()
    except (ZeroDivisionError, ValueError) as e:
        print(type(e).__name__)

# Ints that a single-precision float does not hold are compared exactly all the same.
big, f = 16777217, 16777216.0
print(big > f, big >= f, big < f, big <= f, big == f, big != f)
print(f < big, f <= big, f > big, f >= big, f == big, f != big)
print(-big < -f, -big >= -f, -f > -big, 1073741823 < 1073741824.0, 1073741823 == 1073741824.0)
print([n < f for n in (16777215, 16777216, 16777217)], [n > f for n in (16777215, 16777216, 16777217)])
