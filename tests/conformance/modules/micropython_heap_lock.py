# While the heap is locked, allocation raises MemoryError.
import micropython


def locked(numbers):
    failed = False
    micropython.heap_lock()
    for i in range(4):
        numbers[i] = i * i
    try:
        numbers + numbers
    except MemoryError:
        failed = True
    micropython.heap_unlock()
    return failed


values = [0] * 4
print(locked(values), values, locked(values) and [1] + values)
