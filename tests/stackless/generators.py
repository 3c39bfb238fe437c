# Generators that draw from generators, 200 deep: for, yield from, send and throw.
def relay(n):
    if n == 0:
        yield "bottom"
    else:
        for x in relay(n - 1):
            yield x


def delegate(n):
    if n == 0:
        got = yield "ready"
        while got:
            got = yield got * 2
        return 0
    return 1 + (yield from delegate(n - 1))


def catching(n):
    try:
        if n == 0:
            yield "inside"
        else:
            yield from catching(n - 1)
    finally:
        closed.append(n)


print(list(relay(200)))
d = delegate(200)
print(next(d), d.send(3), d.send(4))
try:
    d.send(0)
except StopIteration as e:
    print("depth", e.value)
closed = []
c = catching(200)
print(next(c))
try:
    c.throw(KeyError)
except KeyError:
    print(len(closed), closed[0], closed[-1])
closed = []
c = catching(200)
next(c)
c.close()
print(len(closed))
