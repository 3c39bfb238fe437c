# What the compiler calls, called by hand with what it never passes.
def attempt(f, *args):
    try:
        print(f(*args))
    except TypeError as e:
        print("TypeError", e)


def yields():
    yield 1


attempt(__build_class__, yields, "X")
attempt(__build_class__, 5, "X")
attempt(__build_class__, yields)
attempt(__template__, 7)
attempt(__template__, ["a"])
attempt(__template__, (42, 43))
attempt(__template__, ("a", b"b"), (1, "x", None, ""))
t = __template__(("a", "b"), (1, "x", None, ""))
print((t + t).values, (t + t).strings)
print([x for x in yields()])
