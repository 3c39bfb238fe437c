# Methods of containers are one step for others: what a callback changes amid one is as if it came before or after it. The
# callback comes again and again and changes something the first, second, third time: each lies where a native gives way.
# needs: memory
# not with gc=always: a collection at each safepoint takes minutes here
# not with oom: what a callback fails to change is not changed
import array
import heapq
import io
import micropython
from collections import deque

items = other = None
faults = []
left = [0]


def once(f):
    try:
        return f()
    except Exception as e:
        return repr(e)


def check(name, make, work, change):
    # What it may look like afterwards: what was made, and the container itself.
    global items, other
    ends = []
    for before in (False, True):
        items, other = make()
        if before:
            once(change)
        made = once(work)
        if not before:
            once(change)
        ends.append((made, look(items)))
    for at in (1, 2, 3, 4, 7, 12):
        items, other = make()
        left[0] = at

        def come(_):
            left[0] -= 1
            if left[0] > 0:
                micropython.schedule(come, None)
            else:
                once(change)

        micropython.schedule(come, None)
        made = once(work)
        while left[0] > 0:
            pass
        if (made, look(items)) not in ends:
            faults.append((name, at))


def look(x):
    if isinstance(x, dict):
        return list(x.items())
    return sorted(x) if isinstance(x, set) else list(x)


def all_of(kind, make, works, changes):
    for k in range(len(works)):
        for n in range(len(changes)):
            check((kind, k, n), make, works[k], changes[n])


def cut():
    del items[10:700]


def cut_third():
    del items[::3]


def overwrite():
    items[::2] = [5] * len(items[::2])


def overwrite_other():
    items[::2] = other


def insert_slice():
    items[3:9] = other


def times():
    global items
    items *= 3


def plus():
    global items
    items += other


numbers = [n * 7 % 1000 for n in range(1500)]
all_of(
    "list",
    lambda: (numbers[:], list(range(750))),
    (
        lambda: list(items),
        lambda: items.copy(),
        lambda: items[:],
        lambda: items[1:],
        lambda: items[-1200:],
        lambda: items[::3],
        lambda: items[::-1],
        lambda: items[1400:100:-2],
        lambda: items + other,
        lambda: items * 2,
        lambda: tuple(items),
        lambda: sorted(items),
        lambda: items.index(993),
        lambda: items.count(993),
        lambda: items == numbers,
        lambda: items < numbers,
        lambda: 993 in items,
        lambda: items.reverse(),
        lambda: items.sort(),
        lambda: items.sort(reverse=True),
        lambda: items.insert(1499, -5),
        lambda: items.extend(items),
        lambda: items.extend(other),
        lambda: items.pop(7),
        cut,
        cut_third,
        overwrite_other,
        insert_slice,
        times,
        plus,
    ),
    (
        lambda: items.append(-1),
        lambda: items.insert(0, -1),
        lambda: items.pop(0),
        lambda: items.clear(),
        cut,
    ),
)


def union():
    global items
    items |= other


def common():
    global items
    items &= other


def less():
    global items
    items -= other


def middle():
    # Out of the middle, and as many come at the end.
    for n in range(500, 560):
        items.discard(n)
        items.add(n + 5000)


def other_middle():
    for n in range(500, 560):
        other.discard(n)
        other.add(n + 5000)


all_of(
    "set",
    lambda: (set(range(600)), set(range(400, 1000))),
    (
        union,
        common,
        less,
        lambda: items.update(other),
        lambda: items.symmetric_difference_update(other),
        lambda: items.difference_update(other),
        lambda: items.intersection_update(other),
        lambda: sorted(items | other),
        lambda: sorted(items & other),
        lambda: sorted(items - other),
        lambda: sorted(items.union(other)),
        lambda: sorted(items.copy()),
        lambda: items == other,
        lambda: items <= other,
        lambda: items.isdisjoint(other),
        lambda: items.issubset(set(range(600))),
        lambda: sorted(frozenset(items)),
    ),
    (lambda: items.add(450), lambda: items.discard(450), lambda: items.clear(), middle, other_middle),
)


def dict_middle():
    for n in range(300, 360):
        items.pop(n, None)
        items[n + 5000] = n


def dict_other_middle():
    for n in range(500, 560):
        other.pop(n, None)
        other[n + 5000] = n


def new_value():
    items[7] = "seven"
    other[700] = "seven hundred"


all_of(
    "dict",
    lambda: ({n: n for n in range(600)}, {n: -n for n in range(400, 1000)}),
    (
        lambda: items.update(other),
        union,
        lambda: list((items | other).items()),
        lambda: list(dict(items).items()),
        lambda: list(items.copy().items()),
        lambda: items == {n: n for n in range(600)},
        lambda: items.setdefault(3000, "new"),
    ),
    (dict_middle, dict_other_middle, new_value, lambda: items.clear(), lambda: items.setdefault(3000, "first")),
)
# Room is made for another key: who is first wins, for both.
for n in range(250, 700):
    items = {n: n for n in range(n)}
    micropython.schedule(lambda _: items.setdefault(-1, "callback"), None)
    if items.setdefault(-1, "main") != items[-1]:
        faults.append("setdefault")
    while -1 not in items:
        pass

all_of(
    "deque",
    lambda: (deque(range(700), 3000), list(range(500))),
    (
        lambda: items.extend(other),
        lambda: items.extend(items),
        plus,
        lambda: list(deque(items, 3000)),
        lambda: items == deque(range(700), 3000),
    ),
    (lambda: items.append(-1), lambda: items.popleft(), lambda: items.clear()),
)
all_of(
    "array",
    lambda: (array.array("h", range(700)), list(range(500))),
    (
        lambda: items.extend(other),
        lambda: list(items[3:]),
        lambda: list(items[::2]),
        lambda: list(items[::-1]),
        lambda: list(items + items),
    ),
    (lambda: items.append(-1), lambda: items.extend(array.array("h", [1, 2, 3]))),
)


def store_bytes():
    items[::3] = bytes(len(items[::3]))


def grow_bytes():
    items[5:7] = other


all_of(
    "bytearray",
    lambda: (bytearray(range(250)) * 7, bytearray(b"abc" * 900)),
    (
        lambda: items.extend(other),
        lambda: items.extend(list(range(200)) * 3),
        lambda: bytes(items),
        lambda: bytearray(items),
        lambda: items[:],
        lambda: items[1:],
        lambda: items[::3],
        lambda: items[::-1],
        lambda: items + other,
        plus,
        cut,
        cut_third,
        store_bytes,
        grow_bytes,
    ),
    (lambda: items.append(9), lambda: items.extend(b"12345" * 100), cut, lambda: other.append(1)),
)

# Heaps: who comes in finds one.
heap = []
got = []
for n in range(600):
    heapq.heappush(heap, (n * 37 % 600, n))
for _ in range(50):
    micropython.schedule(lambda _: got.append(heapq.heappop(heap)), None)
    got.append(heapq.heappop(heap))
    heapq.heappush(heap, (1000, 0))
while len(got) < 100:
    pass
if sorted(got) != sorted((n * 37 % 600, n) for n in range(600))[:100]:
    faults.append("heappop")
pairs = [(n * 37 % 1001, n) for n in range(1001)]
for at in (1, 2, 5):
    heap = pairs[:]
    left[0] = at

    def come(_):
        left[0] -= 1
        if left[0] > 0:
            micropython.schedule(come, None)
        else:
            heapq.heappush(heap, (-1, 0))

    micropython.schedule(come, None)
    heapq.heapify(heap)
    while left[0] > 0:
        pass
    heapq.heapify(heap)
    if [heapq.heappop(heap) for _ in range(len(heap))] != [(-1, 0)] + sorted(pairs):
        faults.append("heapify")

# Text of a list; a stream in memory that takes bytes which change.
all_of(
    "join",
    lambda: (["ab"] * 1500, ["x"] * 10),
    (lambda: ",".join(items), lambda: ",".join(tuple(items))),
    (cut, lambda: items.clear(), lambda: items.insert(0, "long")),
)
stream = io.BytesIO()


def write():
    global stream
    stream = io.BytesIO()
    n = stream.write(items)
    return n, stream.getvalue()


all_of(
    "write",
    lambda: (bytearray(b"ab" * 1500), None),
    (write,),
    (lambda: items.extend(b"more"), cut),
)
print(faults)
