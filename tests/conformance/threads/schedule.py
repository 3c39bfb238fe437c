# micropython.schedule from threads: everything that was taken is called, in turn, one at a time.
import _thread
import micropython
import time

calls = []
running = [0]
most = [0]
lock = _thread.allocate_lock()
taken = []
ended = [False] * 3


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


def produce(k):
    try:
        producer(k)
    finally:
        ended[k] = True


for k in range(3):
    _thread.start_new_thread(produce, (k,))
for _ in range(4000):
    # What was taken is called soon after; it may be amid it when all threads have ended.
    if all(ended) and (len(calls) == 150 or len(taken) < 3):
        break
    time.sleep_ms(5)
print(len(calls), most)
for k in range(3):
    print([n for j, n in calls if j == k] == list(range(50)))

# A main thread that only sleeps hears at once.
when = [0]
count = [0]


def note(t):
    when[0] = time.ticks_diff(time.ticks_ms(), t)
    count[0] += 1


def later():
    t = time.ticks_ms()
    time.sleep_ms(20)
    micropython.schedule(note, t)


# The machine may pause at one time, not at each.
for n in range(20):
    _thread.start_new_thread(later, ())
    time.sleep_ms(300)
    for _ in range(2000):
        if count[0] > n:
            break
        time.sleep_ms(5)
    if count[0] <= n or when[0] < 250:
        break
print(count[0] == n + 1, when[0] < 250)
