# Seconds and calendars: mktime undoes localtime; the clocks run forward.
import time

for seconds in (946684800, 951868799, 951868800, 1709164800, 1767225600):
    t = time.gmtime(seconds)
    print(t[:8])
    t = time.localtime(seconds)
    print(time.mktime(t) == seconds)
a = time.time_ns()
b = time.time_ns()
print(a <= b, abs(a // 10**9 - time.time()) < 5)
