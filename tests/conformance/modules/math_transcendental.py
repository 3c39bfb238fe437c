# math: the transcendental functions, to twelve digits.
# needs: double
import math


def show(*values):
    print(" ".join("%.12g" % v for v in values))


for x in (0.1, 0.5, 1.0, 2.0, 10.0):
    show(math.sin(x), math.cos(x), math.tan(x), math.atan(x), math.exp(x), math.log(x), math.sqrt(x))
    show(math.sinh(x), math.cosh(x), math.tanh(x), math.asinh(x), math.log2(x), math.log10(x), math.log(x, 3))
    show(math.expm1(x), math.erf(x), math.erfc(x), math.gamma(x), math.lgamma(x))
for x in (-0.9, -0.3, 0.0, 0.7):
    show(math.asin(x), math.acos(x), math.atanh(x))
show(math.acosh(1.5), math.atan2(1, -1), math.atan2(-1, -1), math.pow(2, 0.5), math.pow(-8, 3))
print(math.sin(1) ** 2 + math.cos(1) ** 2 - 1 < 1e-15, abs(math.exp(math.log(7)) - 7) < 1e-14)
