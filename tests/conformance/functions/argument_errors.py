# What a wrong call raises: the type is TypeError, whatever is called.
class C:
    def method(self, x):
        return x


def attempt(name, f):
    try:
        f()
        print(name, "passed")
    except TypeError:
        print(name, "TypeError")


attempt("too few for a method", lambda: C().method())
attempt("too many for a method", lambda: C().method(1, 2))
attempt("builtin without arguments", lambda: len())
attempt("builtin with too many", lambda: len("a", "b"))
attempt("calling an int", lambda: (3)())
attempt("calling None", lambda: None())
attempt("calling a string", lambda: "abc"(1))
attempt("a bound method", lambda: [].append())
attempt("right", lambda: C().method(1))
