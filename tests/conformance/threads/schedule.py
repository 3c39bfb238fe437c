# micropython.schedule from threads: everything that was taken is called, in turn, one at a time.
import _thread
import micropython
import time

calls = []
running = [0]
most = [0]
lock = _thread.allocate_lock()
taken = []


def call(x):
    running[0] += 1
    most[0] = max(most[0], running[0])
    for _ in range(20):
        pass
    calls.append(x)
    running[0] -= 1


def producer(k):
    n = 0
    while n < 50:
        try:
            micropython.schedule(call, (k, n))
            n += 1
        except RuntimeError:
            time.sleep_ms(1)
    with lock:
        taken.append(k)


for k in range(3):
    _thread.start_new_thread(producer, (k,))
for _ in range(2000):
    with lock:
        if len(taken) == 3:
            break
    time.sleep_ms(5)
time.sleep_ms(20)
print(len(calls), most)
for k in range(3):
    print([n for j, n in calls if j == k] == list(range(50)))

# A main thread that only sleeps hears at once.
t = time.ticks_ms()
when = []


def note(_):
    when.append(time.ticks_diff(time.ticks_ms(), t))


def later():
    time.sleep_ms(20)
    micropython.schedule(note, None)


_thread.start_new_thread(later, ())
time.sleep_ms(300)
print(len(when), when[0] < 250)
