# needs: double
# Powers of whole exponents are rounded once: what a literal says is what they are.
import math

print([n for n in range(-250, 23) if 10**n != float("1e%d" % n) or 10.0**n != float("1e%d" % n)])
print([n for n in range(-22, 23) if math.pow(10, n) != float("1e%d" % n)])
for x in (2.5, 1.1, 0.7, -1.7, 3.7):
    print([x**n for n in (2, 3, 7, 13, 20, 31, -1, -2, -5, -13, -20)])
print(10**-5, 10.0**-11, 1.1**10, pow(0.1, 3), (-0.1) ** 3)
print(2.0**1023, 2.0**-1074, 2.0**-1075, 0.0**3, (-0.0) ** 3, 1.0**5000, (-1.0) ** 1001, 1.5**1024.0)
inf, nan = float("inf"), float("nan")
print(inf**-2, (-inf) ** 3, nan**2, nan**0, 1**nan)
for f in (lambda: 10.0**309, lambda: 0.0**-1, lambda: 1e200**2):
    try:
        print(f())
    except (OverflowError, ZeroDivisionError) as e:
        print(type(e).__name__)
