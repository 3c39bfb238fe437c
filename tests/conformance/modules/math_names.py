# The constants of math by way of their names: what is written `math.pi` the compiler knows.
import math
from math import pi, e, tau, inf, nan

for name in ("pi", "e", "tau", "inf", "nan"):
    print(name, "%.5f" % getattr(math, name))
print("%.4f %.4f %.4f" % (pi, e, tau), inf > 1e30, nan != nan, inf == -(-inf))
