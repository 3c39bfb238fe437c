# select: polling streams that are Python objects, masks, one shot, changes while polling.
import io
import select
import time


class S(io.IOBase):
    def __init__(self, name, ready):
        self.name = name
        self.ready = ready

    def ioctl(self, request, argument):
        return self.ready & argument if request == 3 else -1

    def __repr__(self):
        return self.name


a, b = S("a", 1), S("b", 5)
p = select.poll()
print(p.poll(0))
p.register(a)
p.register(b, select.POLLOUT)
print(p.poll(0), p.poll())
p.modify(a, select.POLLOUT)
print(p.poll(0))
p.modify(b, select.POLLIN | select.POLLOUT)
print([(s, e) for s, e in p.ipoll(0)])
print([(s, e) for s, e in p.ipoll(0, 1)], p.poll(0))
p.register(a)
p.register(b)
for s, e in p.ipoll():
    p.unregister(s)
    print(s, e)
print(p.poll(0))
p.unregister(a)
try:
    p.modify(a, 1)
except OSError as e:
    print(e.errno)
for bad in (5, None, "text"):
    try:
        p.register(bad)
    except (OSError, TypeError):
        print("refused")

a.ready = 0
p.register(a)
# The machine may pause at one time, not at each.
for _ in range(20):
    t = time.ticks_ms()
    found = p.poll(20)
    took = time.ticks_diff(time.ticks_ms(), t)
    if found or 15 <= took < 500:
        break
print(found, 15 <= took < 500)

# Ready after a while.
n = 0


class Later(S):
    def ioctl(self, request, argument):
        self.ready += 1
        return 1 if self.ready > 3 else 0


print(select.select([Later("later", 0)], [a], [], 50))
print(select.select([a], [b], [b], 0.01))
print(select.select([io.BytesIO(b"")], [], [], 0)[1:])
