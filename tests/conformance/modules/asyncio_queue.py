# _asyncio: queues give tasks by time, then by arrival; tasks are taken out of whatever queue they lie in.
from _asyncio import Task, TaskQueue

q, other = TaskQueue(), TaskQueue()
tasks = [Task(None, {}) for _ in range(40)]
seed = 7
for i, t in enumerate(tasks):
    seed = (seed * 75 + 74) % 65537
    q.push(t, seed % 10)
order = []
last = -1
while q.peek():
    t = q.pop()
    assert t.ph_key >= last
    last = t.ph_key
    order.append((t.ph_key, tasks.index(t)))
print(order == sorted(order), len(order), q.peek())

for i, t in enumerate(tasks):
    q.push(t, i)
for i in (0, 20, 39, 1):
    (q if i & 1 else other).remove(tasks[i])
print([q.pop().ph_key for _ in range(36)] == [i for i in range(40) if i not in (0, 20, 39, 1)], q.peek(), other.peek())
q.remove(tasks[0])

q.push(tasks[0])
for bad in (lambda: q.push(tasks[0]), lambda: other.push(tasks[0]), lambda: q.push(5), lambda: q.push(tasks[1], "x"), lambda: other.pop()):
    try:
        bad()
    except (RuntimeError, TypeError, IndexError) as e:
        print(type(e).__name__)


# Ticks wrap around.
class Q(TaskQueue):
    pass


w = Q()
w.push(tasks[2], 5)
w.push(tasks[3], (1 << 30) - 5)
print([w.pop().ph_key, w.peek().ph_key])
