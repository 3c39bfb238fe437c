# StopIteration that escapes a generator body becomes RuntimeError.
def leaky():
    yield 1
    raise StopIteration


g = leaky()
print(next(g))
try:
    next(g)
except RuntimeError:
    print("RuntimeError")
except StopIteration:
    print("StopIteration")


def hidden():
    yield next(iter([]))


try:
    list(hidden())
except RuntimeError:
    print("RuntimeError from next()")
