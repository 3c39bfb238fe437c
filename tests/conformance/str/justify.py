# ljust, rjust and zfill: widths, fills, signs.
for text in ("", "a", "abc", "-7", "+12", "--1", "é€"):
    for width in (-1, 0, 1, 3, 6):
        print(repr(text.ljust(width)), repr(text.rjust(width)), repr(text.zfill(width)))
        print(repr(text.ljust(width, "*")), repr(text.rjust(width, "€")))
for wrong in ("", "ab", 1, b"x"):
    for method in ("ljust", "rjust"):
        try:
            getattr("a", method)(5, wrong)
            print("no error")
        except TypeError:
            print("TypeError")
