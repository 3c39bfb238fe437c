# Each __init__ makes the next object, 200 deep; the same through super() and __new__.
class Nest:
    def __init__(self, n):
        self.inner = Nest(n - 1) if n else None


class Base:
    def __init__(self, n):
        self.child = Derived(n) if n else None


class Derived(Base):
    def __init__(self, n):
        super().__init__(n - 1)


class Made:
    def __new__(cls, n):
        self = object.__new__(cls)
        self.inner = Made(n - 1) if n else None
        return self

    def __init__(self, n):
        pass


def depth(x, name):
    n = 0
    while getattr(x, name):
        x = getattr(x, name)
        n += 1
    return n


print(depth(Nest(200), "inner"), depth(Derived(100), "child"), depth(Made(100), "inner"))
