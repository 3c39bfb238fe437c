# send() gives the waiting yield a value.
def averager():
    total = count = 0
    average = None
    while True:
        x = yield average
        if x is None:
            return
        total += x
        count += 1
        average = total // count


a = averager()
print(next(a), a.send(10), a.send(20), a.send(60))
try:
    a.send(None)
except StopIteration as e:
    print("stopped", e.value)
b = averager()
try:
    b.send(5)
except TypeError:
    print("just started: only None")


def echo():
    received = yield "ready"
    while True:
        received = yield "echo " + received


e = echo()
print(next(e), e.send("one"), e.send("two"))
