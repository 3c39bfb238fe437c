# A deque that begins with () says how long it may get, as in MicroPython; with flags a full or empty one refuses instead of dropping.
from collections import deque

for args in ((), ((),), ([1], -1), ([1], "a")):
    try:
        deque(*args)
        print("made")
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
free = deque([], None)
for i in range(100):
    free.append(i)
print(len(free), free.maxlen)
strict = deque((), 2, 1)
strict.append(1)
strict.appendleft(0)
for change in (lambda: strict.append(2), lambda: strict.appendleft(2)):
    try:
        change()
    except IndexError as e:
        print(e, list(strict))
try:
    del strict[0]
except TypeError:
    print("TypeError")
print(strict.pop(), strict.popleft())
for change in (strict.pop, strict.popleft):
    try:
        change()
    except IndexError as e:
        print(e)
