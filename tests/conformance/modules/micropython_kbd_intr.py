# micropython.kbd_intr: scheduled with None it interrupts; a scheduled function is interrupted only when it is over.
import micropython
import time


def wait(times, what):
    try:
        for _ in range(times):
            micropython.schedule(*what)
        for _ in range(100):
            time.sleep_ms(0)
        print("not interrupted")
    except KeyboardInterrupt:
        print("interrupted")


interrupt = micropython.kbd_intr, None
wait(0, interrupt)
wait(1, interrupt)


wait(50, interrupt)
wait(0, interrupt)


def callback(_):
    micropython.schedule(*interrupt)
    for _ in range(100):
        time.sleep_ms(0)
    print("callback to its end")


wait(1, (callback, None))

try:
    micropython.schedule(*interrupt)
    while True:
        pass
except KeyboardInterrupt:
    print("out of the loop")

micropython.kbd_intr(-1)
micropython.kbd_intr(3)
try:
    micropython.kbd_intr("x")
except TypeError:
    print("TypeError")
