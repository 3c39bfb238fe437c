# math.isclose and factorial.
import math

print(math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1), math.isclose(100, 101, rel_tol=0.05))
print(math.isclose(0, 1e-12), math.isclose(0, 1e-12, abs_tol=1e-9), math.tau == 2 * math.pi)
print(math.inf > 1e30, math.isnan(math.nan))
print([math.factorial(n) for n in range(8)], math.factorial(25))
try:
    math.factorial(-1)
except ValueError:
    print("ValueError")
