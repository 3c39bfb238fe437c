# What asend gives is an iterator and an awaitable: __next__, __await__, next, for.
class Pause:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for i in range(self.n):
            yield i


async def numbers():
    await Pause(2)
    got = yield "item"
    await Pause(1)
    yield got


g = numbers()
step = g.asend(None)
print(step.__await__() is step, iter(step) is step)
print(step.__next__(), next(step))
try:
    step.__next__()
except StopIteration as e:
    print("first", e.value)
step = g.asend("sent")
for x in step:
    print("in for", x)
step = g.__anext__()
try:
    next(step)
except StopAsyncIteration:
    print("end")
