# Exceptions that are raised while the heap is locked keep their type, their arguments and their line.
import micropython, sys, io


class Own(Exception):
    pass


def attempt(what):
    seen = None
    micropython.heap_lock()
    try:
        what()
    except Exception as e:
        seen = e
    micropython.heap_unlock()
    return seen


def missing():
    return no_such_name


def raised():
    raise ValueError("a message", 42)


def own():
    raise Own(1, 2)


empty = []
table = {}
for f in (missing, raised, own, lambda: empty.pop(), lambda: table["key"], lambda: 1 + "a"):
    e = attempt(f)
    print(type(e).__name__, e)

out = io.StringIO()
sys.print_exception(attempt(raised), out)
print([line.split('"')[-1] for line in out.getvalue().split("\n")])

# Without memory set aside there is the type, and no more.
micropython.alloc_emergency_exception_buf(0)
e = attempt(missing)
print(type(e).__name__, e.args)
# What does not fit loses its arguments.
micropython.alloc_emergency_exception_buf(128)


def many():
    raise Own(
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49,
    )


e = attempt(many)
print(type(e).__name__, e.args)
for i in range(1000):
    attempt(raised)
print(attempt(raised))
