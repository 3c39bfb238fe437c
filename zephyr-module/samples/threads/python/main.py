# Three Python threads: each is a thread of Zephyr's kernel.
import _thread
import time

lock = _thread.allocate_lock()
count = 0
running = 3


def work(name, turns):
    global count, running
    for i in range(turns):
        with lock:
            count += 1
        time.sleep_ms(5)
    with lock:
        running -= 1
        print(name, "is done")


for name in ("one", "two", "three"):
    _thread.start_new_thread(work, (name, 10))
while running:
    time.sleep_ms(20)
print("count", count)
