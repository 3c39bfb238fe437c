# The ticks functions and their arithmetic, which wraps.
import time

start = time.ticks_ms()
time.sleep_ms(5)
passed = time.ticks_diff(time.ticks_ms(), start)
print(5 <= passed < 5000)
u = time.ticks_us()
time.sleep_us(200)
print(200 <= time.ticks_diff(time.ticks_us(), u) < 5000000)
deadline = time.ticks_add(time.ticks_ms(), 1000)
print(900 < time.ticks_diff(deadline, time.ticks_ms()) <= 1000)
top = time.ticks_add(0, -1)
print(time.ticks_diff(time.ticks_add(top, 10), top), time.ticks_diff(top, time.ticks_add(top, 10)))
print(type(time.ticks_cpu()) is int)
