# list.remove takes out the item it has found, and misses none, when callbacks move the items amid its look.
import micropython

items = list(range(1500))


def first(_):
    del items[0]
    micropython.schedule(second, None)


def second(_):
    del items[:20]


# The item moves one down after the look has found it in its copy, then over a place where the look gives way.
micropython.schedule(first, None)
items.remove(520)
for _ in range(3):
    pass
print(len(items), 519 in items, 520 in items, 521 in items)

# The item found was taken out by another: the next one goes.
items[:] = [n % 1000 for n in range(1800)]


def take(_):
    items.remove(700)


micropython.schedule(take, None)
items.remove(700)
for _ in range(3):
    pass
print(len(items), items.count(700))

try:
    micropython.schedule(lambda _: items.remove(7), None)
    items.remove(4001)
except ValueError as e:
    print(repr(e))
print(len(items))
