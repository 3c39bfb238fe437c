# A cleared deque is empty and keeps its limit.
from collections import deque

for d in (deque((1, 2, 3), 3), deque([4, 5], 9)):
    before = d.maxlen, len(d)
    d.clear()
    print(before, d.maxlen, len(d), list(d), bool(d))
    d.append(6)
    d.appendleft(7)
    print(list(d))
    d.clear()
    d.clear()
    try:
        d.pop()
    except IndexError:
        print("IndexError")
