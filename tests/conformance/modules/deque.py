# deque: a queue with two ends and a limit.
from collections import deque

d = deque((1, 2, 3), 5)
d.append(4)
d.appendleft(0)
print(list(d), len(d), d[0], d[-1], bool(d))
d.append(5)
print(list(d))
print(d.popleft(), d.pop(), list(d))
d.extend([7, 8, 9])
print(list(d))
d[1] = "set"
print(d[1], [x for x in d])
while d:
    d.popleft()
for f in (d.pop, d.popleft):
    try:
        f()
    except IndexError:
        print("IndexError")
q = deque((), 3)
for i in range(10):
    q.append(i)
print(list(q))
