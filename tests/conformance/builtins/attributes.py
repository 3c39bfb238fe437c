# dir, hasattr and friends on built-in objects.
print("append" in dir([]), "upper" in dir(""), "keys" in dir({}), hasattr([], "nope"))


class C:
    cls = 1

    def method(self):
        pass


c = C()
c.own = 2
names = dir(c)
print("cls" in names, "method" in names, "own" in names, "other" in names)
print("c" in dir(), "C" in dir(), hasattr(c, "own"), getattr(C, "cls"))
for bad in (lambda: getattr([], "nope"), lambda: (5).nope, lambda: None.x, lambda: C.nope):
    try:
        bad()
    except AttributeError:
        print("AttributeError")
for bad in (lambda: setattr(5, "x", 1), lambda: setattr([], "x", 1)):
    try:
        bad()
    except AttributeError:
        print("AttributeError")
