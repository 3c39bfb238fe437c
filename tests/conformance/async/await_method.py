# await of objects that have __await__ and nothing else
class Ready:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield "wait for %s" % self.value
        return (self.value, got)


class Steps:
    "An iterator of its own as the result of __await__."

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration("done")
        return self.n

    def send(self, value):
        return next(self)


class ByIterator:
    def __await__(self):
        return Steps(2)


class Bad:
    def __await__(self):
        raise ValueError("no")


async def inner():
    return await Ready("inner")


async def main():
    print(await Ready(1))
    print(await inner())
    print(await ByIterator())
    try:
        await Bad()
    except ValueError as e:
        print("ValueError", e)
    for bad in (5, object()):
        try:
            await bad
        except TypeError:
            print("TypeError")
    return "end"


c = main()
sent = None
try:
    while True:
        print("yielded", c.send(sent))
        sent = sent and sent + 1 or 1
        if sent > 2:
            sent = None
except StopIteration as e:
    print(e.value)
try:
    for i in Ready(1):
        print(i)
except TypeError:
    print("TypeError")
