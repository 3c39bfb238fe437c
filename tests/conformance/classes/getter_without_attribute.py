# A getter that raises AttributeError leaves the name to `__getattr__`; without one, and with other exceptions, it does not.
class Stands:
    def __init__(self, e):
        self.e = e

    @property
    def x(self):
        raise self.e

    def __getattr__(self, name):
        return ("asked", name)


class Alone:
    @property
    def x(self):
        raise AttributeError("inner")


class Descriptor:
    def __get__(self, obj, owner):
        raise AttributeError("of a descriptor")


class Described(Stands):
    y = Descriptor()


for e in (AttributeError("inner"), ValueError("inner")):
    s = Stands(e)
    for read in (lambda: s.x, lambda: getattr(s, "x"), lambda: getattr(s, "x", 5), lambda: hasattr(s, "x"), lambda: s.x[1]):
        try:
            print(read())
        except Exception as e:
            print(type(e).__name__, e)
d = Described(KeyError)
print(d.y, d.z)
try:
    Alone().x
except AttributeError as e:
    print("AttributeError", e)
print(getattr(Alone(), "x", "none"), hasattr(Alone(), "x"))


# Where `__getattr__` raises in its turn, that is what counts.
class Refuses(Stands):
    def __getattr__(self, name):
        raise AttributeError("no " + name)


try:
    Refuses(AttributeError("inner")).x
except AttributeError as e:
    print(e)


# A method behind a property, called at once; a getter that looks itself up through `__getattr__`.
class Proxy:
    def __init__(self, target):
        self.target = target

    @property
    def append(self):
        return self.target.append

    @property
    def pop(self):
        return self.target.missing

    def __getattr__(self, name):
        return getattr(self.target, name)


p = Proxy([1])
p.append(2)
print(p.target, p.pop(), p.index(1))
