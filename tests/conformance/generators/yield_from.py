# yield from passes items, values, exceptions and the result through.
def inner():
    total = 0
    while True:
        try:
            x = yield total
        except ValueError:
            total = -1
            continue
        if x is None:
            return total
        total += x


def outer():
    while True:
        result = yield from inner()
        print("inner gave", result)


o = outer()
print(next(o), o.send(5), o.send(6))
print(o.throw(ValueError), o.send(3))
print(o.send(None))
print(o.send(100))
o.close()


def flatten(x):
    if isinstance(x, list):
        for item in x:
            yield from flatten(item)
    else:
        yield x


print(list(flatten([1, [2, [3, [], 4]], [[5]]])))


def chain(*sources):
    for s in sources:
        yield from s


print(list(chain("ab", range(2), (None,), {7: 8})))
