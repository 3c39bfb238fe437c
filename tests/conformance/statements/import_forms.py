# The forms of import, with modules that every build has.
import sys
import math as m
from math import floor, ceil as up
from math import (
    sqrt,
    pi as PI,
)

print(m.floor(2.5), floor(-0.5), up(0.5), sqrt(16), PI == m.pi)


def inside():
    import math

    from math import trunc

    return math is m, trunc(-2.7)


print(inside())
for name in ("no_such_module", "math_but_not_really"):
    try:
        __import__(name)
    except ImportError:
        print("ImportError", name)
try:
    from math import no_such_name
except ImportError:
    print("no such name")
print(type(sys).__name__, sys is __import__("sys"))
