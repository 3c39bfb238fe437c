# asyncio: events, locks, many tasks of different times.
# not with gc=always: sleeping is compared with what work takes
import asyncio


async def waiter(e, n):
    print("waits", n)
    print(await e.wait(), n)


async def holder(lock, n):
    async with lock:
        print("holds", n, lock.locked())
        await asyncio.sleep(0)
    print("done", n)


async def main():
    e = asyncio.Event()
    tasks = [asyncio.create_task(waiter(e, n)) for n in range(3)]
    await asyncio.sleep(0)
    print(e.is_set())
    tasks[1].cancel()
    e.set()
    for t in tasks:
        try:
            await t
        except asyncio.CancelledError:
            print("cancelled")
    print(e.is_set(), await e.wait())
    e.clear()
    print(e.is_set())

    lock = asyncio.Lock()
    print(lock.locked())
    await asyncio.gather(*[holder(lock, n) for n in range(3)])
    await lock.acquire()
    t = asyncio.create_task(holder(lock, "late"))
    await asyncio.sleep(0)
    t.cancel()
    await asyncio.sleep(0)
    lock.release()
    print(lock.locked())
    try:
        lock.release()
    except RuntimeError:
        print("not held")

    order = []

    async def at(n):
        await asyncio.sleep(n / 100)
        order.append(n)

    # The machine may pause while the tasks begin at one time, not at each.
    for _ in range(20):
        order.clear()
        await asyncio.gather(*[at(n) for n in (7, 3, 9, 1, 5, 0, 8, 2, 6, 4)])
        if order == list(range(10)):
            break
    print(order)


asyncio.run(main())
