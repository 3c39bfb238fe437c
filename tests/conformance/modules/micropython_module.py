# micropython: constants, optimisation level, memory.
import micropython
from micropython import const

LIMIT = const(10)
_PRIVATE = const(LIMIT * 2 + 1)
print(LIMIT, _PRIVATE, const("text"), const(5 + 6))
print(micropython.opt_level())
micropython.opt_level(0)


@micropython.bytecode
def f():
    return "bytecode"


print(f())
print(micropython.kbd_intr(3))
