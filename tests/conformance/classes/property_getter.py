# A property is made from parts: getter, setter and deleter each give a new property.
class Base:
    def __init__(self):
        self._x = 1

    @property
    def x(self):
        return self._x


class Louder(Base):
    @Base.x.getter
    def x(self):
        return self._x * 10

    loud = x

    @x.setter
    def x(self, value):
        self._x = value

    @x.deleter
    def x(self):
        self._x = 0


b, louder = Base(), Louder()
print(b.x, louder.x, louder.loud)
louder.x = 7
print(louder.x, louder.loud)
del louder.x
print(louder.x)
for thing, name in ((b, "x"), (louder, "loud")):
    try:
        setattr(thing, name, 5)
    except AttributeError:
        print("AttributeError", name)
empty = property()
made = empty.getter(lambda self: "made").setter(lambda self, v: print("set", v)).deleter(lambda self: print("deleted"))
Base.y = made
print(b.y)
b.y = 3
del b.y
