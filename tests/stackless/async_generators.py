# 200 asynchronous generators, each an `async for` over the next: their items, what they wait for, their ends and failures.
DEPTH = 200


class Pause:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        return (yield self.v)

    __iter__ = __await__


def run(c):
    waited = 0
    try:
        v = c.send(None)
        while True:
            waited += v
            v = c.send(v + 1)
    except StopIteration as e:
        return e.value, waited


async def chain(n, last):
    if n == 0:
        for v in range(3):
            yield v, await Pause(10)
        if last:
            raise last
    else:
        async for v in chain(n - 1, last):
            yield v


async def all_of(last):
    return [v async for v in chain(DEPTH, last)]


async def failing():
    try:
        await all_of(ValueError("at the bottom"))
    except ValueError as e:
        return str(e)


print(run(all_of(None)))
print(run(failing()))


# What is thrown at the outermost reaches the innermost, which waits.
async def caught(n):
    if n == 0:
        try:
            yield await Pause(1)
        except KeyError as e:
            yield "caught", e.args
    else:
        async for v in caught(n - 1):
            yield v


async def first(n):
    async for v in caught(n):
        return v


for n in (1, 3, DEPTH):
    c = first(n)
    print(c.send(None))
    try:
        print(c.throw(KeyError("thrown", n)))
    except StopIteration as e:
        print(e.value)


# Closing the outermost ends all of them.
async def closed(n, log):
    try:
        if n == 0:
            yield await Pause(1)
        else:
            async for v in closed(n - 1, log):
                yield v
    finally:
        log.append(n)


async def waits(log):
    async for v in closed(DEPTH, log):
        pass


log = []
c = waits(log)
c.send(None)
c.close()
print(log == list(range(DEPTH + 1)), len(log))
