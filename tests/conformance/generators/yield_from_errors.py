# Errors and close pass through a delegating generator in the right order.
def inner(log):
    try:
        yield 1
        yield 2
    except KeyError:
        log.append("inner KeyError")
        yield "handled"
    finally:
        log.append("inner finally")


def outer(log):
    try:
        yield from inner(log)
    finally:
        log.append("outer finally")


log = []
g = outer(log)
print(next(g), g.throw(KeyError), log)
g.close()
print(log)

log = []
g = outer(log)
next(g)
try:
    g.throw(ZeroDivisionError)
except ZeroDivisionError:
    print("through both", log)


def bad():
    yield from 5


try:
    list(bad())
except TypeError:
    print("5 is not iterable")


def over_list():
    yield from [1, 2, 3]


g = over_list()
print(next(g), next(g))
g.close()
print(next(g, "closed"))
