# time: clocks go forward, sleeping takes at least as long as asked.
import time

a = time.time()
print(a >= 0, time.time() >= a)
time.sleep(0)
time.sleep(0.01)
print(time.time() >= a)
t = time.localtime(0)
print(len(t) >= 8, t[0] in (1969, 1970, 2000))
print(time.gmtime(86400 * 365)[1:3] in ((1, 1), (12, 31)))
try:
    time.sleep("a")
except TypeError:
    print("TypeError")
