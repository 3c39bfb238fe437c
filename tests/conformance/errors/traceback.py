# A traceback names the file, the line and the function of every frame.
import io, sys


def inner(x):
    return 10 // x


def outer(x):
    y = x - 1
    return inner(y)


class C:
    def method(self):
        return outer(1)


try:
    C().method()
except ZeroDivisionError as e:
    out = io.StringIO()
    sys.print_exception(e, out)
    print(out.getvalue(), end="")
