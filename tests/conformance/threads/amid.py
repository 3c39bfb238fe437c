# Containers that another thread empties, fills and rearranges amid long work on them: nothing breaks, and what comes out is
# made of what was there.
# not with oom: what fails in one of two threads differs from run to run
# needs: memory
import _thread
import array
import heapq
import time
from collections import deque

N = 1500
stop = [False]
ended = [False]
numbers = list(range(N))
other = list(range(N))
table = {n: n for n in range(600)}
group = set(range(600))
ring = deque(range(600), 2000)
floats = [n + 0.5 for n in range(400)]
packed = array.array("i", range(2000))


def rearrange():
    turn = 0
    while not stop[0]:
        turn += 1
        numbers.reverse()
        del numbers[: turn % 700]
        numbers.insert(0, turn % N)
        if turn % 3 == 0:
            numbers.clear()
        numbers.extend(range(N - len(numbers)))
        other.append(other.pop(0))
        table.pop(turn % 600, None)
        table[turn % 900] = turn
        if turn % 5 == 0:
            table.clear()
        table.update({n: n for n in range(0, 600, 7)})
        group.discard(turn % 600)
        group.add(turn % 900)
        ring.popleft()
        ring.append(turn)
        floats[turn % len(floats)] = turn % 7 + 0.5
        packed[turn % 2000] = turn % 2000


def disturb():
    try:
        rearrange()
    except Exception as e:
        faults.append(("disturb", repr(e)))
    finally:
        ended[0] = True


def sane(items):
    return all(isinstance(n, int) and 0 <= n for n in items)


def ordered(items):
    return all(items[i] <= items[i + 1] for i in range(len(items) - 1))


def unpacked(items):
    first, *rest = [0] + items
    return rest


def heaped(items):
    items = items[:]
    heapq.heapify(items)
    return items


faults = []
_thread.start_new_thread(disturb, ())
for turn in range(3):
    checks = {
        "copy": lambda: sane(numbers[:]) and sane(numbers.copy()) and sane(list(numbers)),
        "strided": lambda: sane(numbers[::3]) and sane(numbers[::-2]),
        "add": lambda: sane(numbers + other) and sane(numbers * 3),
        "tuple": lambda: sane(tuple(numbers)),
        "sorted": lambda: ordered(sorted(numbers)) and ordered(sorted(floats)),
        "compare": lambda: (numbers == other) in (True, False) and (numbers < other) in (True, False),
        "look": lambda: numbers.count(1) >= 0 and (-1 not in numbers),
        "unpack": lambda: sane(unpacked(numbers)),
        "dict": lambda: sane(dict(table)) and sane(table.copy().values()) and sane(k for k, _ in list(table.items())),
        "dicts": lambda: (table == dict(table)) in (True, False) and sane(dict.fromkeys(numbers)),
        "set": lambda: sane(set(group)) and sane(group | set(table)) and sane(group & group) and sane(frozenset(group)),
        "subset": lambda: (group <= set(range(900))) and (group == set(numbers)) in (True, False),
        "deque": lambda: sane(deque(ring, 3000)) and (ring == deque(ring, 2000)) in (True, False),
        "heap": lambda: len(heaped(numbers)) >= 0,
        "array": lambda: sane(array.array("i", numbers)) and sane(packed[::2]) and (packed == packed[:]) in (True, False),
        "sum": lambda: sum(numbers) >= 0 and max(numbers, default=0) >= 0 and sum(floats) > 0,
    }
    for name in checks:
        try:
            if not checks[name]():
                faults.append(name)
        except RuntimeError as e:
            # CPython's dicts, sets and deques refuse to be walked while they change.
            if "changed size" not in str(e) and "mutated" not in str(e):
                faults.append((name, repr(e)))
        except Exception as e:
            faults.append((name, repr(e)))
stop[0] = True
while not ended[0]:
    time.sleep(0.001)
print(faults)
