# A small event loop over coroutines.
class Sleep:
    def __init__(self, ticks):
        self.ticks = ticks

    def __iter__(self):
        yield self.ticks

    __await__ = __iter__


async def worker(name, delay, rounds):
    for i in range(rounds):
        print(now, name, i)
        await Sleep(delay)
    return name


def run(*coroutines):
    global now
    waiting = [(0, i, c) for i, c in enumerate(coroutines)]
    results = []
    while waiting:
        waiting.sort(key=lambda w: w[:2])
        now, i, c = waiting.pop(0)
        try:
            waiting.append((now + c.send(None), i, c))
        except StopIteration as e:
            results.append(e.value)
    return results


now = 0
print(run(worker("a", 3, 3), worker("b", 2, 4), worker("c", 10, 1)))
