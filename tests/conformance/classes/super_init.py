# super() reaches the next class for __init__ and for methods with arguments.
class Base:
    def __init__(self, x):
        print("Base", x)
        self.x = x

    def value(self, factor):
        return self.x * factor


class Middle(Base):
    pass


class Derived(Middle):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y

    def value(self, factor):
        return super().value(factor) + self.y


d = Derived(3, 4)
print(d.x, d.y, d.value(10))
print(super(Derived, d).value(10))
print(Base.value(d, 2))
