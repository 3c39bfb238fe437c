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

# The ends of months, years and centuries, and before 1970.
for seconds in (0, -1, -86400, -86401, 68169600, 951782400, 978307199, 4102444800, 4107542399, 4107542400, 2**31 - 1, 2**31, 2**32):
    t = time.gmtime(seconds)
    print(seconds, t[:8], time.mktime(t) - time.mktime(time.gmtime(0)) == seconds)

# mktime takes what lies beyond the ends of its fields.
base = (2024, 2, 28, 23, 59, 59, 0, 0, 0)
for i, value in ((1, 14), (1, 0), (2, 0), (2, 31), (2, 366), (3, 25), (3, -1), (4, 61), (4, -60), (5, 3600), (5, -1)):
    fields = list(base)
    fields[i] = value
    print(i, value, time.gmtime(time.mktime(tuple(fields)))[:8])
for wrong in ((), (2024, 1), "today", None, [1] * 9 + [2]):
    try:
        time.mktime(wrong)
        print("no error", wrong)
    except (TypeError, ValueError) as e:
        print("refused")
try:
    time.gmtime("now")
except TypeError:
    print("refused")
print(tuple(time.gmtime(86400.9))[:6])
