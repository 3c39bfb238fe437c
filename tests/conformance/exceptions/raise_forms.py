# raise takes a class or an instance, and nothing else.
for thing in (ValueError, ValueError("an", "instance")):
    try:
        raise thing
    except ValueError as e:
        print(repr(e))
for bad in (1, "text", None, int):
    try:
        raise bad
    except TypeError:
        print("TypeError for", bad if bad is not int else "int")
try:
    raise ValueError("with cause") from KeyError("cause")
except ValueError as e:
    print(e)
