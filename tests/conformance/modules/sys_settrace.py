# sys.settrace: calls, lines, returns and exceptions, with frames and codes to look at.
# needs: settrace
import sys

log = []


def where(frame):
    return frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno


def tracer(frame, event, arg):
    if frame.f_code.co_filename != tracer_file:
        return None
    if event == "exception":
        arg = arg[0].__name__, str(arg[1])
    elif not isinstance(arg, (int, tuple, list)):
        arg = type(arg) is not None
    log.append((event,) + where(frame) + (arg,))
    return tracer


def run(f, *args):
    del log[:]
    sys.settrace(tracer)
    try:
        result = f(*args)
    except Exception as e:
        result = type(e).__name__, str(e)
    sys.settrace(None)
    for entry in log:
        print(entry)
    print("gives", result)


tracer_file = run.__code__.co_filename if hasattr(run, "__code__") else None


def straight(a, b=2):
    c = a + b

    return c * 2


def branches(n):
    total = 0
    for i in range(n):
        if i % 2:
            total += i
        else:
            total -= 1
    while total > 0:
        total -= 2
        continue
    return total


def inner(x):
    if x > 1:
        raise ValueError("too much")
    return x


def outer(x):
    y = inner(x)
    return y


def cleans(x):
    try:
        return inner(x)
    finally:
        x = 0


def catches(x):
    try:
        inner(x)
    except ValueError as e:
        x = str(e)
    return x


class Thing:
    def __init__(self, v):
        self.v = v

    @property
    def twice(self):
        return self.v * 2

    def __add__(self, other):
        return self.v + other.v

    def __iter__(self):
        return iter([self.v])


def objects():
    t = Thing(4)
    s = t + t
    return s, t.twice, list(t)


def natives():
    return sorted([3, 1, 2], key=lambda v: -v)


def closures():
    n = 1

    def add(v):
        return v + n

    return add(2) + add(3)


print("straight")
run(straight, 1)
print("branches: where a loop's own line comes up differs, so each line counts once")
sys.settrace(tracer)
branches(4)
sys.settrace(None)
print(sorted(set(log), key=repr))
print("raised")
run(outer, 2)
print("not raised")
run(outer, 1)
print("finally")
run(cleans, 1)
run(cleans, 2)
print("caught")
run(catches, 5)
print("objects")
run(objects)
print("natives")
run(natives)
print("closures")
run(closures)

# Frames: who called, and with which globals.


def chain(frame, event, arg):
    names = []
    f = frame
    while f:
        names.append(f.f_code.co_name)
        f = f.f_back
    print(event, names, frame.f_globals is globals())
    return None


sys.settrace(chain)
outer(1)
sys.settrace(None)


# A frame's own function can be exchanged, and a global one that gives None traces calls alone.
def second(frame, event, arg):
    print("second", event)


def first(frame, event, arg):
    print("first", event)
    return second


sys.settrace(first)
straight(1)
print(sys.gettrace() is first)
sys.settrace(None)
print(sys.gettrace())


# What a trace function raises ends the tracing.
def angry(frame, event, arg):
    raise KeyError(event)


sys.settrace(angry)
try:
    straight(1)
except KeyError as e:
    print("raised", e)
print(sys.gettrace())
straight(1)


# Switched on by something called, and off again.
def on():
    sys.settrace(tracer)


def off():
    sys.settrace(None)


del log[:]
on()
straight(3)
off()
straight(4)
print(log)
