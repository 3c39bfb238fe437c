# asyncio: tasks in turn, results, exceptions, cancelling, waiting for tasks in several ways.
import asyncio


async def count(name, n, t):
    for i in range(n):
        turns.append((name, i))
        await asyncio.sleep(t)
    return name * 2


turns = []


async def fail(t, e):
    await asyncio.sleep(t)
    raise e


async def stubborn():
    try:
        await asyncio.sleep(50)
    except asyncio.CancelledError:
        print("stubborn was cancelled")
        raise
    finally:
        print("stubborn cleans up")


async def main():
    # The machine may pause while the tasks begin at one time, not at each.
    for _ in range(20):
        turns.clear()
        a, b = asyncio.create_task(count("a", 3, 0.02)), asyncio.create_task(count("b", 2, 0.03))
        ends = a.done(), await a, await b, a.done(), await a
        if turns == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2)]:
            break
    print(turns, *ends)
    turns.clear()

    try:
        await asyncio.create_task(fail(0, ValueError("one")))
    except ValueError as e:
        print("caught", e)

    t = asyncio.create_task(stubborn())
    await asyncio.sleep(0.01)
    print(t.cancel())
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled", t.done(), t.cancel())

    # Cancelled before it started.
    t = asyncio.create_task(stubborn())
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("never ran")

    # Cancelling goes along to what a task waits for.
    inner = asyncio.create_task(stubborn())

    async def outer():
        await inner

    o = asyncio.create_task(outer())
    await asyncio.sleep(0.01)
    o.cancel()
    try:
        await o
    except asyncio.CancelledError:
        print("both", inner.done(), o.done())

    print(await asyncio.gather(count("g", 2, 0.01), count("h", 1, 0.02)), turns)
    print(await asyncio.gather())
    got = await asyncio.gather(fail(0.01, KeyError("k")), count("r", 1, 0), return_exceptions=True)
    print(type(got[0]).__name__, got[0].args, got[1])
    try:
        await asyncio.gather(fail(0.01, KeyError("k")), count("s", 1, 0.03))
    except KeyError as e:
        print("gather", e)
    await asyncio.sleep(0.05)
    print(turns)

    print(await asyncio.wait_for(count("w", 1, 0), 50), await asyncio.wait_for(count("x", 1, 0), None))
    try:
        await asyncio.wait_for(stubborn(), 0.02)
    except asyncio.TimeoutError:
        print("timed out")
    try:
        await asyncio.wait_for(fail(0, OSError(7)), 50)
    except OSError as e:
        print("failed", e.args)
    return "end"


print(asyncio.run(main()))
try:
    asyncio.run(fail(0, RuntimeError("out")))
except RuntimeError as e:
    print(e)
try:
    asyncio.create_task(5)
except (TypeError, RuntimeError):
    print("refused")
