# Loops over built-in containers, slicing in place and small results need no memory: they run while the heap is locked.
import micropython
from array import array

words = {"one": 1, "two": 2}
places = {1, 2}
fixed = frozenset((3,))
pair = (4, 5)
row = [6, 7]
raw = b"ab"
room = bytearray(b"0123456789")
numbers = array("H", (8, 9))
view = memoryview(room)
containers = (words, places, fixed, pair, row, raw, room, numbers)


def run():
    total = 0
    for c in "xyz":
        total += ord(c)
    for container in containers:
        for item in container:
            total += 1
    total += sum(pair) + max(row) + min(raw) + any(room) + all(numbers)
    a, b = pair
    room[1:3] = raw
    view[4:6] = raw
    total += int.from_bytes(raw, "big") + int.from_bytes(b"\x02\0\0\0\0\0\0\0\0\0", "little")
    return total


result = 0
failed = ""
micropython.heap_lock()
try:
    result = run()
except MemoryError as e:
    failed = "MemoryError"
micropython.heap_unlock()
print(result, failed, room)
