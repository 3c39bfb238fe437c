# _asyncio: Task, TaskQueue and Sleep as the Python part of asyncio uses them.
import _asyncio
import asyncio

print(_asyncio.Task, _asyncio.TaskQueue, _asyncio.Sleep)


async def work(n):
    await asyncio.sleep(0)
    return n


q = _asyncio.TaskQueue()
print(q.peek())
tasks = [_asyncio.Task(work(i), {}) for i in range(5)]
for task, when in zip(tasks, (30, 10, 20, 10, 40)):
    q.push(task, when)
print(q.peek() is tasks[1], q.peek().ph_key)
q.remove(tasks[2])
order = []
while q.peek():
    task = q.pop()
    order.append((tasks.index(task), task.ph_key))
print(order)
print(tasks[0].done(), tasks[0].coro is not None)
try:
    q.push(1)
except TypeError:
    print("TypeError")


async def sleeper():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def main():
    t = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    print(t.done(), t.cancel())
    try:
        await t
    except asyncio.CancelledError:
        print("seen")
    print(t.done(), t.cancel())


asyncio.run(main())
