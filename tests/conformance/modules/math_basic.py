# math: exact results of the common functions.
# needs: double
import math

print(math.pi, math.e, math.sqrt(2), math.sqrt(16), math.pow(2, 10), math.exp(0), math.log(1))
print(math.floor(2.7), math.floor(-2.1), math.ceil(2.1), math.ceil(-2.9), math.trunc(-2.9), math.trunc(2.9))
print(math.fabs(-3), math.fmod(7, 3), math.fmod(-7, 3), math.copysign(1, -0.0), math.modf(2.5), math.modf(-2.5))
print(math.frexp(8.0), math.ldexp(0.5, 4), math.degrees(math.pi), math.radians(180))
print(math.isnan(float("nan")), math.isinf(float("-inf")), math.isfinite(1.0), math.isinf(1e308))
print(math.sin(0), math.cos(0), math.tan(0), math.atan2(0, 1), math.asin(0), math.acos(1), math.atan(0))
print(math.floor(1e20), math.ceil(5), math.floor(-7), math.sqrt(0))
for bad in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.acos(2), lambda: math.fmod(1, 0)):
    try:
        bad()
    except ValueError:
        print("ValueError")
try:
    math.sqrt("4")
except TypeError:
    print("TypeError")
