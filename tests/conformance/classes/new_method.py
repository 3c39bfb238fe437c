# __new__ chooses the object, __init__ fills it.
class Singleton:
    only = None

    def __new__(cls):
        if cls.only is None:
            print("making")
            cls.only = super().__new__(cls)
        return cls.only

    def __init__(self):
        print("init")


a = Singleton()
b = Singleton()
print(a is b)


class Choosy:
    def __new__(cls, n):
        return object.__new__(cls) if n > 0 else "negative"

    def __init__(self, n):
        self.n = n


print(Choosy(5).n, Choosy(-5))
