# ljust, rjust and zfill of bytes and bytearray.
for make in (bytes, bytearray):
    for text in (b"", b"a", b"abc", b"-7", b"+12"):
        text = make(text)
        for width in (-1, 0, 1, 3, 6):
            print(text.ljust(width), text.rjust(width), text.zfill(width))
            print(text.ljust(width, b"*"), text.rjust(width, b"."))
    for wrong in (b"", b"ab", 1, "x"):
        for method in ("ljust", "rjust"):
            try:
                getattr(make(b"a"), method)(5, wrong)
                print("no error")
            except TypeError:
                print("TypeError")
