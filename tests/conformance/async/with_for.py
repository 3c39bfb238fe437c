# async with and async for.
class Lock:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        print("enter", self.name)
        return self.name

    async def __aexit__(self, kind, value, tb):
        print("exit", self.name, kind.__name__ if kind else None)
        return kind is KeyError


class Count:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


async def main():
    async with Lock("a") as name:
        print("inside", name)
    async with Lock("b"):
        raise KeyError("swallowed")
    async for i in Count(3):
        print(i, end=" ")
    else:
        print("done")
    total = 0
    async for i in Count(10):
        if i == 5:
            break
        total += i
    return total


try:
    main().send(None)
except StopIteration as e:
    print(e.value)
