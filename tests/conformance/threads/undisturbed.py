# machine.disable_irq keeps other threads and posted calls away from a task until enable_irq.
import _thread
import machine
import micropython
import time

count = 0
ended = [0]
calls = []


def begin(times):
    try:
        add(times)
    finally:
        ended[0] += 1


def add(times):
    global count
    for _ in range(times):
        outer = machine.disable_irq()
        n = count
        inner = machine.disable_irq()
        for _ in range(10):
            pass
        machine.enable_irq(inner)
        for _ in range(10):
            pass
        count = n + 1
        machine.enable_irq(outer)


for _ in range(3):
    _thread.start_new_thread(begin, (300,))
begin(300)
for _ in range(5000):
    if ended[0] == 4:
        break
    time.sleep_ms(5)
print(count)

state = machine.disable_irq()
micropython.schedule(calls.append, 1)
for _ in range(1000):
    pass
print(calls)
machine.enable_irq(state)
for _ in range(2):
    pass
print(calls)
machine.idle()
