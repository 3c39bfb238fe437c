# No room for more threads: OSError, nothing is lost, and there is room again when they have ended.
import _thread
import gc
import time

stop = False
ended = [0]


def wait():
    try:
        while not stop:
            time.sleep_ms(5)
    finally:
        ended[0] += 1


def fill():
    n = ended[0] = 0
    while True:
        try:
            _thread.start_new_thread(wait, (), stack_size=2048)
            n += 1
        except OSError as e:
            return n, e.errno == 11
        except MemoryError:
            return n, True


def drain(n):
    global stop
    stop = True
    for _ in range(4000):
        if ended[0] == n:
            break
        time.sleep_ms(5)
    stop = False


n, full = fill()
print(n >= 4, full)
drain(n)
print(ended[0] == n)
gc.collect()
free = gc.mem_free()
# The last that a thread does takes a moment too.
for _ in range(1000):
    again, full = fill()
    drain(again)
    if again == n:
        break
print(again == n, full)
print(ended[0] == n)
for _ in range(1000):
    gc.collect()
    if gc.mem_free() >= free:
        break
    time.sleep_ms(5)
print(gc.mem_free() >= free)

# What cannot be.
for wrong in [dict(priority=-5), dict(stack_size=-1), dict(stack_size=1 << 60)]:
    try:
        _thread.start_new_thread(wait, (), **wrong)
    except ValueError:
        print("ValueError")
try:
    _thread.start_new_thread(wait, (), stack_size=1 << 27)
except MemoryError:
    print("MemoryError")
try:
    _thread.start_new_thread(wait, (), priority=1 << 20)
except OSError as e:
    print("OSError", e.errno)
try:
    _thread.start_new_thread(wait, (), colour="red")
except TypeError:
    print("TypeError")

# Too deep is an exception in that thread alone.
lock = _thread.allocate_lock()
lock.acquire()


class deep_native:
    def __init__(self):
        self.n = 0

    def __call__(self, _=None):
        self.n += 1
        try:
            return sorted([1, 2], key=self)
        except RuntimeError:
            if lock.locked():
                lock.release()
            return 0


def run(f):
    f()


def deep():
    try:
        deep()
    except RuntimeError:
        if lock.locked():
            lock.release()


for f in [deep, deep_native()]:
    _thread.start_new_thread(run, (f,), name="deep")
    print(lock.acquire(True, 50))
print("done")
