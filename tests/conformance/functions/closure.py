# Inner functions keep the variables of outer ones alive.
def adder(n):
    def add(x):
        return x + n

    return add


add2 = adder(2)
add10 = adder(10)
print(add2(1), add10(1))


def make():
    late = "early"

    def read():
        return late

    late = "late"
    return read


print(make()())


def three(a):
    def two(b):
        def one(c):
            return (a, b, c)

        return one

    return two


print(three(1)(2)(3))
