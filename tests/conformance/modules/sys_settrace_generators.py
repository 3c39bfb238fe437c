# sys.settrace and generators: each resumption is a call, each yield a return.
# needs: settrace
import sys

log = []


def tracer(frame, event, arg):
    # How a loop learns that its generator is done is nobody's business.
    if event != "line" and (event, frame.f_code.co_name) != ("exception", "total"):
        log.append((event, frame.f_code.co_name, arg if event == "return" else None))
    return tracer


def numbers(n):
    while n:
        yield n
        n -= 1
    return "done"


def total():
    t = 0
    for i in numbers(3):
        t += i
    return t


def by_hand():
    g = numbers(1)
    return next(g), next(g, "over")


def thrown():
    g = numbers(2)
    next(g)
    try:
        g.throw(ValueError("in"))
    except ValueError as e:
        return str(e)


def closed():
    g = numbers(2)
    next(g)
    g.close()


for f in total, by_hand, thrown, closed:
    del log[:]
    sys.settrace(tracer)
    f()
    sys.settrace(None)
    for entry in log:
        print(entry)
