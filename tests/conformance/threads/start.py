# Starting threads: arguments, keyword arguments, identities, ends.
import _thread
import time

done = []
lock = _thread.allocate_lock()


def wait_for(n):
    for _ in range(3000):
        with lock:
            if len(done) >= n:
                return
            if gone[0] >= n:
                break
        time.sleep(0.01)
    print("nobody came", n)


# Threads that have ended, however.
gone = [0]


def tell_done(what):
    try:
        with lock:
            done.append(what)
    finally:
        gone[0] += 1


def note(*args, **kwargs):
    tell_done((args, sorted(kwargs.items())))


_thread.start_new_thread(note, ())
wait_for(1)
_thread.start_new_thread(note, (1, "two"))
wait_for(2)
_thread.start_new_thread(note, (3,), {"b": 4, "a": [5]})
wait_for(3)
print(done)


class Counter:
    def __init__(self):
        self.n = 0

    def add(self, n):
        self.n += n
        tell_done(n)


c = Counter()
_thread.start_new_thread(c.add, (7,))
wait_for(4)
print(c.n)

me = _thread.get_ident()
others = []


def tell():
    others.append(_thread.get_ident())
    tell_done("told")


new = _thread.start_new_thread(tell, ())
wait_for(5)
print(type(me) is int, me != 0, others == [new], new != me)

for args in [(note, 5), (note, None), (note, (), ()), (note, (), 5), (note,), ()]:
    try:
        _thread.start_new_thread(*args)
    except TypeError:
        print("TypeError")


def leave():
    try:
        _thread.exit()
    finally:
        tell_done("left")
    print("not here")


def leave_too():
    tell_done("left too")
    raise SystemExit(3)


_thread.start_new_thread(leave, ())
_thread.start_new_thread(leave_too, ())
wait_for(7)
print(sorted(done[-2:]))

# A built-in function, and a generator's items.
found = []
_thread.start_new_thread(found.append, ("appended",))
for _ in range(2000):
    if found:
        break
    time.sleep(0.01)
print(found)


def numbers():
    for i in range(100):
        yield i * i


def total(out):
    out.append(sum(numbers()))
    tell_done(None)


sums = []
for i in range(3):
    _thread.start_new_thread(total, (sums,))
wait_for(10)
print(sums)
