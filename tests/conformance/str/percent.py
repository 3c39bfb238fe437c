# The % operator.
print("%s and %s" % ("a", 1), "%r" % "q", "%d%%" % 50, "%5s|%-5s|" % ("a", "b"))
print("%(name)s is %(n)03d" % {"name": "x", "n": 7}, "%s" % [1, 2], "%s" % (None,))
print("%i %u %x %X %o %c" % (1, 2, 255, 255, 8, "c"), "%.2s|%5.1s|" % ("abc", "xyz"))
print("%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159), "%+d % d" % (5, 5), "%#x" % 255)
print("no arguments %%" % (), "%s" % "one")
for bad, args in (("%d", "s"), ("%s %s", ("a",)), ("%s", ("a", "b")), ("%d", (1, 2)), ("%q", 1), ("%", 1)):
    try:
        print(bad % args)
    except (TypeError, ValueError):
        print("refused", bad)
try:
    "%(k)s" % {}
except KeyError:
    print("KeyError")
