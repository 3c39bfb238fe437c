# return in a generator becomes StopIteration's value.
def gen():
    yield 1
    return "result"


g = gen()
print(next(g))
try:
    next(g)
except StopIteration as e:
    print("value", e.value, e.args)
try:
    next(g)
except StopIteration as e:
    print("again", e.value)


def delegating():
    result = yield from gen()
    yield "inner returned " + result


print(list(delegating()))
