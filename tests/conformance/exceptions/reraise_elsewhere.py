# A bare `raise` raises again what the calling functions handle; contexts never form a ring.


def again():
    raise


def handled_itself():
    try:
        raise KeyError("inner")
    except KeyError:
        pass
    raise


def in_finally():
    try:
        raise
    finally:
        print("finally")


for f in (again, handled_itself, in_finally):
    try:
        try:
            raise ValueError(f.__name__)
        except ValueError:
            f()
    except ValueError as e:
        print("ValueError", e)
    try:
        f()
    except RuntimeError:
        print("RuntimeError")


def gen():
    yield 1
    raise


it = gen()
next(it)
try:
    raise OSError("outside")
except OSError:
    try:
        next(it)
    except OSError as e:
        print("OSError", e)

try:
    try:
        raise NameError("a")
    except NameError as a:
        try:
            raise KeyError("b")
        except KeyError:
            raise a
except NameError as e:
    print(repr(e.__context__)[:8], e.__context__.__context__)
