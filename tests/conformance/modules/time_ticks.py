# The ticks functions and their arithmetic, which wraps.
import time

start = time.ticks_ms()
time.sleep_ms(5)
passed = time.ticks_diff(time.ticks_ms(), start)
print(5 <= passed < 5000)
u = time.ticks_us()
time.sleep_us(200)
print(200 <= time.ticks_diff(time.ticks_us(), u) < 5000000)
# The machine may pause at one time, not at each.
for _ in range(20):
    deadline = time.ticks_add(time.ticks_ms(), 1000)
    left = time.ticks_diff(deadline, time.ticks_ms())
    if left > 900:
        break
print(900 < left <= 1000)
top = time.ticks_add(0, -1)
print(time.ticks_diff(time.ticks_add(top, 10), top), time.ticks_diff(top, time.ticks_add(top, 10)))
print(type(time.ticks_cpu()) is int)

# Where they wrap: the period is a power of two, and a difference is at least minus half of it and less than half.
period = top + 1
half = period // 2
print(period & (period - 1), time.ticks_add(top, 1), time.ticks_add(0, -1) == top)
print(time.ticks_diff(half, 0) == -half, time.ticks_diff(half - 1, 0) == half - 1, time.ticks_diff(0, half) == -half)
print(time.ticks_diff(0, top), time.ticks_diff(top, 0), time.ticks_diff(3, top - 1))
for start in (0, 1, half - 1, half, top - 1, top):
    for delta in (0, 1, -1, 1000, -1000, half - 1, -half + 1):
        there = time.ticks_add(start, delta)
        if not 0 <= there < period or time.ticks_diff(there, start) != delta or time.ticks_add(there, -delta) != start:
            print("wrong", start, delta, there)
for wrong in (half, -half, period):
    try:
        print(wrong == half, time.ticks_add(0, wrong))
    except OverflowError as e:
        print(e)
