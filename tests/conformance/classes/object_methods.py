# What every object can be asked: __repr__, __str__, __hash__, __eq__, __ne__ of object
class A:
    def __repr__(self):
        return "A:" + super().__repr__()[:1]

    def __str__(self):
        return "str:" + super().__str__()

    def __eq__(self, other):
        r = super().__eq__(other)
        return r is NotImplemented or r

    def __hash__(self):
        return super().__hash__()


a = A()
print(repr(a), str(a), a == a, a == 5, hash(a) == object.__hash__(a), a != 5)


class B(A):
    def __repr__(self):
        return "B:" + super().__repr__()


b = B()
print(repr(b), str(b)[:6])


class Plain:
    pass


p, q = Plain(), Plain()
print(p.__repr__() == repr(p), p.__str__() == str(p), p.__hash__() == hash(p))
print(p.__eq__(p), p.__eq__(q), p.__ne__(p), p.__ne__(q), p == q, p != q)
print(object.__repr__(p) == repr(p), object.__eq__(p, p), object.__ne__(p, q))


class L(list):
    def __repr__(self):
        return "L" + super().__repr__()

    def __eq__(self, other):
        return super().__eq__(other)

    __hash__ = object.__hash__

    def __len__(self):
        return super().__len__() + 1


l = L([1, 2])
print(repr(l), str(l), l == [1, 2], l == [1], hash(l) == object.__hash__(l), len(l))


class D(dict):
    def __str__(self):
        return "D" + super().__str__()

    def __getitem__(self, k):
        return super().__getitem__(k) * 2


d = D(x=3)
print(str(d), "x" in d, d["x"])


class E(Exception):
    def __str__(self):
        return "E:" + super().__str__()

    def __repr__(self):
        return "<" + super().__repr__() + ">"


print(str(E("x")), repr(E("x", 1)))


class S(str):
    def __repr__(self):
        return "S" + super().__repr__()

    def __eq__(self, other):
        return super().__eq__(other)

    def __hash__(self):
        return super().__hash__()


print(repr(S("x")), S("x") == "x", hash(S("x")) == hash("x"))


class H:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


h = H()
print(hash(h) == object.__hash__(h), h != 1, h.__ne__(1), {h: 1}[h])


class G:
    def __getattr__(self, name):
        return name


print(G().__eq__(1), G().anything, (3).__eq__(3), "a".__ne__("b"), [1].__repr__(), object.__str__(5))
