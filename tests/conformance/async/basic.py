# Coroutines run when somebody sends to them.
async def answer():
    return 42


async def double():
    return 2 * await answer()


def run(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as e:
        return e.value


print(run(answer()), run(double()))


class Pause:
    def __init__(self, value):
        self.value = value

    def __iter__(self):
        got = yield self.value
        return got

    __await__ = __iter__


async def talk():
    a = await Pause("first")
    b = await Pause("second")
    return a, b


t = talk()
print(t.send(None), t.send("x"))
try:
    t.send("y")
except StopIteration as e:
    print(e.value)
