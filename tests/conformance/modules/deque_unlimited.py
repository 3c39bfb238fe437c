# A deque without a length grows as long as there is memory
from collections import deque

d = deque()
for i in range(100):
    d.append(i)
    d.appendleft(-i)
print(len(d), d.maxlen, d[0], d[-1], d.pop(), d.popleft())
e = deque([1, 2, 3])
e.extend("abc")
print(list(e), e.maxlen, len(deque(range(50))), list(deque("xyz")))
print(deque(maxlen=2).maxlen, deque([1, 2, 3], maxlen=2)[0], deque(iterable=(4, 5))[1] if 0 else 5)
