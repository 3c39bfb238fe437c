# The format mini-language on str, int and float.
def show(value, *specs):
    print(*["|" + ("{:" + spec + "}").format(value) + "|" for spec in specs])


show("abc", "", ">6", "*^9", ".2", "x<5.1", "s", "5s")
show(42, "", "6", "<6", "^6", "06", "=6", "+", " ", "#06x", "_^7", "d", "b", "#o")
show(-42, "06", "=6", "*=8", "+", ">+7", "x", "#x")
show(1234567, ",", "10,", "012,")
show(3.5, "", "8.2f", "g", "e", "<9", "^9.1f", "+.0f", "09.3f")
show(0.25, "%", ".1%", "8.2%")
show(1e10, "g", "f", ".3e", "G")
show(True, "", "d", "5")
show(12345.625, ".3e", ".10g", "012.2f")
show([1, 2], "")
show(None, "")
for value, spec in ((3, "s"), ("a", "d"), (3.5, "x"), (1, "q")):
    try:
        show(value, spec)
    except ValueError:
        print("ValueError", value, spec)
