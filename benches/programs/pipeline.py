# Generators: a pipeline of stages, each drawing from the one before.
N = 1


def source(n):
    x = 7
    for _ in range(n):
        x = (x * 181 + 359) % 10007
        yield x


def keep(test, items):
    for x in items:
        if test(x):
            yield x


def pairs(items):
    previous = None
    for x in items:
        if previous is not None:
            yield previous, x
        previous = x


def running(items):
    total = 0
    while True:
        for x in items:
            total += x
            yield total
        return total


def delegated(items):
    result = yield from running(items)
    yield -result


stage = keep(lambda x: x % 3, source(3000 * N))
stage = (b - a for a, b in pairs(stage))
last = first = None
for n, total in enumerate(delegated(stage)):
    first = total if first is None else first
    last = total
print(n, first, last)
