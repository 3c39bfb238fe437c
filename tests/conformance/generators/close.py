# close() raises GeneratorExit at the waiting yield; finally blocks run.
def resource():
    print("open")
    try:
        while True:
            yield "data"
    finally:
        print("closed")


r = resource()
print(next(r))
r.close()
r.close()
print(next(r, "ended"))

never_started = resource()
never_started.close()
print(list(never_started))


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError:
    print("ignored GeneratorExit")


def polite():
    try:
        yield 1
    except GeneratorExit:
        print("asked to leave")
        raise


q = polite()
next(q)
q.close()
