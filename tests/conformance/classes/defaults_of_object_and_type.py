# What object and type themselves do where a class or metaclass asks them: nothing, or the usual thing.
print(object.__init__(object()), object.__init_subclass__())
print(type.__instancecheck__(int, 5), type.__instancecheck__(str, 5), type.__instancecheck__(int, True))
print(type.__subclasscheck__(int, bool), type.__subclasscheck__(bool, int))


class Meta(type):
    def __delattr__(cls, name):
        print("deleting", name)
        super().__delattr__(name)

    def __instancecheck__(cls, v):
        print("instance?")
        return super().__instancecheck__(v)

    def __subclasscheck__(cls, c):
        print("subclass?")
        return super().__subclasscheck__(c)


class C(metaclass=Meta):
    a = 1
    b = 2


class D(C):
    pass


del C.a
print(hasattr(C, "a"), C.b)
type.__delattr__(C, "b")
print(hasattr(C, "b"))
for f in (lambda: delattr(C, "a"), lambda: type.__delattr__(C, "a")):
    try:
        f()
    except AttributeError:
        print("AttributeError")
print(isinstance(D(), C), isinstance(5, C), issubclass(D, C), issubclass(int, C))
