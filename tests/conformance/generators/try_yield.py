# yield inside try, except, finally and with blocks.
def gen():
    try:
        yield "try"
        raise ValueError
    except ValueError:
        yield "except"
    else:
        yield "else"
    finally:
        yield "finally"
    for i in range(2):
        try:
            yield i
            continue
        finally:
            yield "after %d" % i


print(list(gen()))


def returns():
    try:
        yield 1
        return "r"
    finally:
        yield 2


def outer():
    print("result", (yield from returns()))


print(list(outer()))
