# split and rsplit: by white space, by separator, with a limit.
print("a b  c\td\n".split(), " lead".split(), "".split(), "   ".split())
print("a,b,,c".split(","), ",".split(","), "".split(","), "abc".split("b"))
print("a b c d".split(" ", 2), "a  b   c".split(None, 1), "a,b,c".split(",", 0), "a,b,c".split(",", -1))
print("a,b,c".rsplit(",", 1), "a,b,c".rsplit(","), "one--two--three".rsplit("--", 1))
print("key=value=more".split("=", 1), "aXXbXXc".split("XX"))
print("añb€c".split("ñ"), "x".split("xx"))
try:
    "abc".split("")
except ValueError:
    print("empty separator")
