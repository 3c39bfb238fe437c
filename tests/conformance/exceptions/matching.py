# except takes an expression: a class or a tuple, evaluated only when needed.
def loud(x):
    print("evaluating", x.__name__)
    return x


try:
    raise KeyError
except loud(ValueError):
    print("wrong")
except loud(LookupError):
    print("right")
except loud(Exception):
    print("never")

families = (ValueError, (TypeError), KeyError)
for error in (TypeError, KeyError, ZeroDivisionError):
    try:
        try:
            raise error
        except families:
            print("in the family", error.__name__)
    except ArithmeticError:
        print("outside", error.__name__)
