# Classes on built-in types: hashes, rounding, texts of exceptions, and getters asked through super().


class List(list):
    pass


class Dict(dict):
    pass


class Set(set):
    pass


class Bytes(bytearray):
    pass


class Tuple(tuple):
    pass


class Int(int):
    pass


class Rounded(int):
    def __round__(self, digits=None):
        return ("rounded", digits)


for v in (List(), Dict(), Set(), Bytes(b""), Tuple((List(),)), Tuple((1,))):
    try:
        hash(v)
        print(type(v).__name__, {v: 1}[v])
    except TypeError:
        print(type(v).__name__, "TypeError")

print(round(Int(15)), round(Int(15), -1), round(Int(25), -1), type(round(Int(1))) is int)
print(round(Rounded(3)), round(Rounded(3), 2))


class NoKey(KeyError):
    pass


class NoFile(OSError):
    pass


print(str(NoKey("k")), str(NoKey()), str(NoKey(1, 2)), str(NoFile("a")), str(NoFile()))
print("ENOENT" in str(NoFile(2)) or "2" in str(NoFile(2)))


class Base:
    @property
    def who(self):
        return type(self).__name__ + self.tail


class Descriptor:
    def __get__(self, obj, owner):
        return (type(obj).__name__, owner.__name__)


class Base2(Base):
    seen = Descriptor()


class Child(Base2):
    tail = "!"

    @property
    def who(self):
        return "<" + super().who + ">"

    def both(self):
        return super().who, super().seen, getattr(super(), "who"), getattr(super(), "seen")


print(Child().who, Child().both())


class Text(str):
    pass


print(Int(97) in b"ab", Int(5) in bytearray(b"ab"), b"abab".find(Int(98)), b"abab".count(Int(98)))
print(complex(Text("1+2j")), Text("a") in "abc")
for f in (lambda: complex(b"1"), lambda: memoryview(b"ab") * 2, lambda: 2 * memoryview(b"ab")):
    try:
        print(f())
    except TypeError:
        print("TypeError")
