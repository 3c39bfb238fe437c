# Classes: what MicroPython does otherwise than CPython, and we do not.
import gc


# __del__ of a Python class is called.
class Closes:
    def __del__(self):
        print("closed")


def use():
    Closes()


use()
gc.collect()


# dir() sorts what __dir__ gives.
class Lists:
    def __dir__(self):
        return ["b", "c", "a"]


print(dir(Lists()))


# __init_subclass__ is called, is a class method without being told, takes keywords and is there to be called.
class Base:
    made = []

    def __init_subclass__(cls, note=None, **rest):
        super().__init_subclass__(**rest)
        Base.made.append((cls.__name__, note))


class One(Base):
    pass


class Two(One, note="two"):
    pass


print(Base.made)


# Names are looked up in the order of C3, native bases included; super() follows it.
class Named:
    def __str__(self):
        return "Named"


class Pair(tuple, Named):
    pass


print(Pair((1, 2)))


class Root:
    def steps(self):
        return ["Root"]


class Left(Root):
    def steps(self):
        return ["Left"] + super().steps()


class Right(Root):
    def steps(self):
        return ["Right"] + super().steps()


class Both(Left, Right):
    def steps(self):
        return ["Both"] + super().steps()


print(Both().steps())


# __str__ gives a str, and str() hands on what it gives.
class Odd:
    def __str__(self):
        return True


try:
    str(Odd())
except TypeError:
    print("TypeError")


class Text(str):
    pass


class Shown:
    def __str__(self):
        return Text("text")


print(type(str(Shown())).__name__, "%s" % Shown(), "{}".format(Shown()))


# A native base is there before its __init__ was called.
class Early(list):
    def __init__(self, item):
        self.append(item)


print(Early(1))


# super() evaluates properties.
class Measured:
    @property
    def size(self):
        return 10


class Doubled(Measured):
    @property
    def size(self):
        return 2 * super().size


print(Doubled().size)


# Functions know their module.
def f():
    pass


print(f.__module__, (lambda: 0).__module__)


# Sums of objects of a class on int are what the class says.
class Unit(int):
    def __add__(self, other):
        return Unit(int(self) + int(other))


print(Unit(20) + Unit(22), type(Unit(1) + 1).__name__, (255).bit_length())


# The built-in __init__ of exceptions can be called by its class.
class Own(Exception):
    def __init__(self):
        Exception.__init__(self, "own")


e = Own()
e.note = "attribute"
print(e, e.note)
plain = ValueError("v")
plain.note = 1
print(plain.note)


def chain():
    try:
        raise TypeError("first")
    except TypeError:
        raise ValueError("second")


try:
    chain()
except ValueError as e:
    print(repr(str(e)), repr(str(e.__context__)))
