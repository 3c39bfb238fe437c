# Locks: held and free, timeouts, other threads that release them, `with`.
import _thread
import time

lock = _thread.allocate_lock()
print(type(lock) is _thread.LockType, lock.locked())
print(lock.acquire(), lock.locked())
print(lock.acquire(False), lock.acquire(0), lock.acquire(True, 0))
# The machine may pause at one time, not at each.
for _ in range(20):
    t = time.time_ns()
    waits = lock.acquire(True, 0.1), lock.acquire(timeout=0.1), lock.acquire(blocking=True, timeout=0.05)
    d = (time.time_ns() - t) / 1e9
    if any(waits) or 0.2 < d < 2:
        break
print(*waits)
print(0.2 < d < 2)
print(lock.release(), lock.locked())
try:
    lock.release()
except RuntimeError:
    print("RuntimeError")
for args in [(False, 1), (True, -2), (True, -0.5)]:
    try:
        lock.acquire(*args)
    except ValueError:
        print("ValueError", args)
print(lock.acquire(True, -1), lock.locked())
lock.release()
print(lock.acquire(True, 50), lock.release())

with lock as got:
    print(got, lock.locked())
print(lock.locked())
try:
    with lock:
        raise KeyError("inside")
except KeyError as e:
    print(e.args, lock.locked())


def let_go(after):
    time.sleep(after)
    lock.release()


lock.acquire()
_thread.start_new_thread(let_go, (0.05,))
print(lock.acquire(), "released by the other")
_thread.start_new_thread(let_go, (0.05,))
print(lock.acquire(True, 50), "in time")
lock.release()

# Those who wait come in turn: nobody starves beside one that takes the lock again and again.
turns = [0, 0, 0]
gone = [False] * 3
stop = False


def take(i):
    try:
        while not stop:
            with lock:
                turns[i] += 1
    finally:
        gone[i] = True


for i in range(3):
    _thread.start_new_thread(take, (i,))
for _ in range(5000):
    if min(turns) >= 20 or any(gone):
        break
    time.sleep(0.01)
stop = True
print(min(turns) >= 20)

# A chain of locks: each thread waits for the one before it.
n = 6
locks = [_thread.allocate_lock() for _ in range(n + 1)]
order = []


def link(i):
    locks[i].acquire()
    try:
        order.append(i)
    finally:
        locks[i + 1].release()


for l in locks:
    l.acquire()
for i in range(n - 1, -1, -1):
    _thread.start_new_thread(link, (i,))
locks[0].release()
print(locks[n].acquire(True, 50), order)
