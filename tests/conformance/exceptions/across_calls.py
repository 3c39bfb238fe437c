# Exceptions travel through calls, loops, comprehensions and builtins.
def thrower(x):
    if x == 3:
        raise ValueError("at %d" % x)
    return x


def attempt(name, f):
    try:
        print(name, f())
    except ValueError as e:
        print(name, "caught", e)


attempt("direct", lambda: thrower(3))
attempt("list", lambda: [thrower(x) for x in range(5)])
attempt("generator", lambda: sum(thrower(x) for x in range(5)))
attempt("map", lambda: list(map(thrower, range(5))))
attempt("sorted", lambda: sorted([1, 2, 3], key=thrower))
attempt("max", lambda: max(1, 2, 3, key=thrower))
attempt("join", lambda: "".join(str(thrower(x)) for x in (1, 2, 3)))
attempt("dict", lambda: {thrower(x): x for x in range(4)})
attempt("fine", lambda: [thrower(x) for x in range(3)])
