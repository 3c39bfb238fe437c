# What is thrown goes as it is to the `throw` of the iterator that a generator delegates to.
class Source:
    def __iter__(self):
        return self

    def __next__(self):
        return "item"

    def throw(self, what):
        print("throw", what)
        return "caught"


class Deaf:
    def __iter__(self):
        return self

    def __next__(self):
        return 1


def over(source):
    yield from source


for what in (17, ValueError, KeyError("k"), "text", None):
    g = over(Source())
    print(next(g), g.throw(what))
for what in (17, "text", int):
    g = over(Deaf())
    next(g)
    try:
        g.throw(what)
    except TypeError:
        print("TypeError")
for what in (ValueError, ValueError("v")):
    g = over(Deaf())
    next(g)
    try:
        g.throw(what)
    except ValueError as e:
        print("ValueError", e)


def inner():
    try:
        yield 1
    except ZeroDivisionError as e:
        print("inner", type(e).__name__)
        yield 2


g = over(inner())
print(next(g), g.throw(ZeroDivisionError))
