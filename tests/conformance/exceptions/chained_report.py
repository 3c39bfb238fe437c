# sys.print_exception shows the exceptions that led to one, the oldest first.
import io
import sys


def report(f):
    try:
        f()
    except Exception as e:
        out = io.StringIO()
        sys.print_exception(e, out)
        print(out.getvalue())


def context():
    try:
        1 // 0
    except ZeroDivisionError:
        raise ValueError("in the handler")


def cause():
    try:
        context()
    except ValueError as e:
        raise RuntimeError("because of it") from e


def none():
    try:
        1 // 0
    except ZeroDivisionError:
        raise ValueError("alone") from None


def circle():
    a, b = ValueError("a"), KeyError("b")
    a.__cause__, b.__cause__ = b, a
    raise a


for f in context, cause, none, circle:
    print(f.__name__)
    report(f)

# A long chain is cut.
e = None
for i in range(40):
    new = ValueError(i)
    new.__cause__ = e
    e = new
out = io.StringIO()
sys.print_exception(e, out)
print(out.getvalue().count("ValueError"))
