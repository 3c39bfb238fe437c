# The right operand is asked first where its class is a subclass of the left one's and has its own reflected method.


class A:
    def __add__(self, other):
        return "A.add"

    def __radd__(self, other):
        return "A.radd"

    def __lt__(self, other):
        return "A.lt"

    def __gt__(self, other):
        return "A.gt"

    def __eq__(self, other):
        return "A.eq"

    def __iadd__(self, other):
        return NotImplemented


class B(A):
    def __radd__(self, other):
        return "B.radd"

    def __eq__(self, other):
        return "B.eq"


class Inherits(A):
    pass


class Declines(A):
    def __radd__(self, other):
        print("declined")
        return NotImplemented


print(A() + B(), B() + A(), B() + B(), A() + Inherits(), Inherits() + B(), A() + Declines())
print(A() == B(), B() == A(), A() < Inherits(), A() < A(), A() > B())
a = A()
a += B()
print(a)


class Left:
    def __add__(self, other):
        print("left")
        return NotImplemented


class Right(Left):
    def __radd__(self, other):
        print("right")
        return NotImplemented


try:
    Left() + Right()
except TypeError:
    print("TypeError")


class Int(int):
    def __radd__(self, other):
        return ("radd", other)

    def __gt__(self, other):
        return "gt"


print(1 + Int(2), 2**70 + Int(2), Int(2) + 1, 1 * Int(2), 1 - Int(2), 1 < Int(2), 1 > Int(2))


class Str(str):
    def __radd__(self, other):
        return "radd " + other

    def __rmod__(self, other):
        return "rmod"


print("a" + Str("b"), "%s" % Str("b"), "a" == Str("a"))


class List(list):
    def __radd__(self, other):
        return "radd"

    def __eq__(self, other):
        return "eq"


print([1] + List([2]), List([1]) + [2], [1] == List(), List() == [1])


class Dict(dict):
    def __ror__(self, other):
        return "ror"


print({} | Dict(), Dict() | {1: 2})
