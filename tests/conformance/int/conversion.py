# int() from floats, bools and ints; float and complex from ints.
print(int(3.99), int(-3.99), int(1e10), int(-0.5), int(True), int())
print(int(2.0**80), int(-(2.0**80)), int(2.0**70))
print(float(7), float(10**25), float(-(2**20)), float(True))
print(bool(0), bool(-1), bool(10**30), bool(0.0))
for bad in ("inf", "-inf", "nan"):
    try:
        int(float(bad))
    except (OverflowError, ValueError) as e:
        print(type(e).__name__)
print(str(2**64), repr(-(2**64)), str(0), repr(-0))
