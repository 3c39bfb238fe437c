# An asynchronous generator driven without a loop: send, throw and close of what asend, athrow and aclose give: an
# async_generator_step, in our words.
class Pause:
    def __await__(self):
        got = yield "paused"
        print("resumed with", got)

    __iter__ = __await__


async def numbers():
    try:
        for i in range(3):
            got = yield i
            print("got", got)
            await Pause()
    finally:
        print("finally")


g = numbers()
step = g.asend(None)
try:
    step.send(None)
except StopIteration as e:
    print("first", e.value)
step = g.asend("sent")
print(step.send(None))
try:
    step.send("later")
except StopIteration as e:
    print("second", e.value)
step = g.asend(1)
print(step.send(None))
try:
    step.throw(ValueError("into the pause"))
except ValueError as e:
    print("ValueError", e.args)
g = numbers()
try:
    g.__anext__().send(None)
except StopIteration as e:
    print("again", e.value)
step = g.athrow(KeyError("k"))
try:
    step.send(None)
except KeyError as e:
    print("KeyError", e.args)
g = numbers()
try:
    g.__anext__().send(None)
except StopIteration as e:
    print("third", e.value)
step = g.aclose()
try:
    step.send(None)
except StopIteration as e:
    print("closed", e.value)
step = g.__anext__()
step.close()
try:
    step.send(None)
except RuntimeError:
    print("RuntimeError: over")
