# What an exception knows of those before it: __cause__, __context__, __suppress_context__.


def names(e):
    links = []
    while e is not None:
        links.append((type(e).__name__, type(e.__cause__).__name__, e.__suppress_context__))
        e = e.__context__
    return links


try:
    try:
        1 // 0
    except ZeroDivisionError as first:
        raise ValueError("second") from first
except ValueError as e:
    print(names(e), e.__cause__ is e.__context__)

try:
    try:
        [][1]
    except IndexError:
        {}["key"]
except KeyError as e:
    print(names(e))

try:
    try:
        [][1]
    except IndexError:
        raise TypeError("alone") from None
except TypeError as e:
    print(names(e))


# Three in a row, each raised while the one before is handled.
def middle():
    try:
        int("x")
    except ValueError:
        raise RuntimeError("middle")


try:
    try:
        middle()
    except RuntimeError:
        raise KeyError("last")
except KeyError as e:
    print(names(e))

# Raised again: no link to itself.
try:
    try:
        raise ValueError("again")
    except ValueError as e:
        raise e
except ValueError as e:
    print(names(e))

# From a class; a cause that is none.
try:
    raise ValueError from KeyError
except ValueError as e:
    print(names(e), type(e.__cause__).__name__)
try:
    raise ValueError from "text"
except TypeError as e:
    print("TypeError")

# A finally counts as handling.
try:
    try:
        raise ValueError(1)
    finally:
        raise TypeError(2)
except TypeError as e:
    print(names(e))

# By hand.
e = ValueError()
print(e.__cause__, e.__context__, e.__suppress_context__)
e.__cause__ = KeyError("k")
print(names(e), repr(e.__cause__.args))
e.__suppress_context__ = False
e.__context__ = IndexError()
print(names(e))
e.__cause__ = None
print(names(e))
for bad in 1, "x":
    try:
        e.__cause__ = bad
    except TypeError:
        print("TypeError")


# Made in one place, raised in another.
def fail():
    try:
        raise OSError(9999, "many")
    except OSError as e:
        return e


try:
    raise ValueError("v") from fail()
except ValueError as e:
    print(names(e), e.__cause__.errno)
