# interrupt_main reaches the main thread in a loop, in a sleep and in a wait (which CPython does not cut short), and no
# other thread.
import _thread
import time

lock = _thread.allocate_lock()
lock.acquire()
stop = False
seen = []


def other():
    try:
        while not stop:
            time.sleep(0.01)
    except KeyboardInterrupt:
        seen.append("wrong thread")
    finally:
        seen.append("ended")


def poke():
    time.sleep(0.05)
    _thread.interrupt_main()


def loop():
    while True:
        pass


def sleep():
    time.sleep(100)


def wait():
    lock.acquire(True, 100)


_thread.start_new_thread(other, ())
for way in [loop, sleep, wait]:
    _thread.start_new_thread(poke, ())
    t = time.time_ns()
    try:
        way()
        print("came back")
    except KeyboardInterrupt:
        print("KeyboardInterrupt", time.time_ns() - t < 50 * 10**9)
print(lock.locked())
stop = True
for _ in range(2000):
    if seen:
        break
    time.sleep(0.01)
print(seen)
