# needs: double
# Ints that no float can hold: in expressions, where the compiler folds constants too, and in formats.
huge = 10**400


class Int(int):
    pass


def show(f):
    try:
        print(f())
    except (OverflowError, ZeroDivisionError) as e:
        print(type(e).__name__)


# Constants: folded only where the run time would come to the same.
show(lambda: 10**400 / 10**399)
show(lambda: 10**400 / 3)
show(lambda: 3 / 10**400)
show(lambda: -(10**309) / 10**308)
show(lambda: 10**400 * 1.0)
show(lambda: 1.0 - 10**400)
show(lambda: 10**400 // 1.0)
show(lambda: 10**400 % 7.0)
show(lambda: 2.0**5000)
show(lambda: 1e308**2)
show(lambda: (2**60 + 1) / (2**55 + 3))
show(lambda: (2**53 + 1) / 3)
# The same with variables.
show(lambda: huge / 10**399)
show(lambda: huge * 1.0)
show(lambda: huge**0.5)
show(lambda: huge + 1j)
for spec in ("%e", "%f", "%g"):
    show(lambda: spec % huge)
    show(lambda: spec % -huge)
for spec in ("e", "f", ".3g", "%"):
    show(lambda: format(huge, spec))
# Ints of a class of their own.
print(Int(2**70) * 1.0, 1.0 / Int(2**70), float(Int(2**70)), Int(3) * 0.5, 0.5 < Int(2**70), "%g" % Int(2**70))
