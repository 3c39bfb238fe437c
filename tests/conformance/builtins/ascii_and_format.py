# The built-in functions ascii and format; what a class says to format.
print(ascii("plain"), ascii("é€😀\n"), ascii(["ü", b"\xff"]), ascii(12), ascii({"ñ": 1}))
print(format(255, "x"), format(3.5, ".2f"), format("a", ">3"), format(7), format([1]), format(None), format(-5, "+05d"))


class Own:
    def __format__(self, spec):
        return "own(%s)" % spec

    def __str__(self):
        return "text"


class Plain:
    def __str__(self):
        return "plain"


print(format(Own()), format(Own(), "abc"), format(Plain()))
for wrong in (lambda: format(1, "q"), lambda: format("a", "d"), lambda: ascii(), lambda: format()):
    try:
        print(wrong())
    except (ValueError, TypeError) as e:
        print(type(e).__name__)
