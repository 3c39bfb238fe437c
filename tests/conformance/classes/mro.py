# Several bases: names are looked up in the order of C3, and super() goes along it.
class A:
    def __init__(self):
        print("A", end=" ")

    def who(self):
        return "A"


class B(A):
    def __init__(self):
        print("B", end=" ")
        super().__init__()


class C(A):
    def __init__(self):
        print("C", end=" ")
        super().__init__()

    def who(self):
        return "C"


class D(B, C):
    def __init__(self):
        print("D", end=" ")
        super().__init__()


D()
print(D().who())


class E(D):
    def who(self):
        return "E" + super().who()


class F(C):
    def who(self):
        return "F" + super().who()


class G(E, F):
    def who(self):
        return "G" + super().who()


print(G().who(), isinstance(G(), A), issubclass(G, F), issubclass(F, G))


# A mixin in front of a native type, and behind it.
class Loud:
    def append(self, item):
        super().append(item * 2)

    def __str__(self):
        return "Loud"


class L(Loud, list):
    pass


l = L()
l.append(4)
print(list(l), len(l))


class T(tuple, Loud):
    pass


print(T((1, 2)))


# Class methods and attributes go the same way.
class P:
    kind = "P"

    @classmethod
    def names(cls):
        return ["P"]


class Q(P):
    @classmethod
    def names(cls):
        return ["Q"] + super().names()


class R(P):
    kind = "R"

    @classmethod
    def names(cls):
        return ["R"] + super().names()


class S(Q, R):
    @classmethod
    def names(cls):
        return ["S"] + super().names()


print(S.names(), S.kind, S().kind)


# A long line of classes, each a second base.
last = A
for i in range(60):
    side = type("Side%d" % i, (), {"side%d" % i: i})
    last = type("Line%d" % i, (side, last), {})
print(last.side0, last.side59, last.who(last), len([n for n in dir(last) if n.startswith("side")]))
