# The name of `except ... as` is gone after the clause.
e = "before"
try:
    raise ValueError(1)
except ValueError as e:
    print(e.args)
try:
    e
except NameError:
    print("e is unbound")


def f():
    try:
        raise IndexError("i")
    except IndexError as err:
        kept = err
    return kept.args


print(f())
