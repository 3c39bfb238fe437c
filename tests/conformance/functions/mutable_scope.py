# Class bodies do not form closures for their methods; comprehensions have their own scope.
x = "module"


class K:
    x = "class"
    copy = x

    def read(self):
        return x

    def own(self):
        return self.x


k = K()
print(K.copy, k.read(), k.own())

n = 5
squares = [n * n for n in range(3)]
print(squares, n)


def f():
    y = "outer"

    class Inner:
        z = y

    return Inner.z


print(f())
