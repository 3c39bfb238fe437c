# A bare raise passes the current exception on.
def inner():
    try:
        raise KeyError("first")
    except KeyError:
        print("seen inside")
        raise


try:
    inner()
except KeyError as e:
    print("seen outside", e.args)


def replace():
    try:
        1 // 0
    except ZeroDivisionError:
        raise ValueError("replaced") from None


try:
    replace()
except ValueError as e:
    print(e)

try:
    raise
except RuntimeError:
    print("nothing to raise again")
