# Thousands of weak references to one object: its death is known to all at once, whatever callbacks and threads do amid it.
import _thread
import gc
import time
import weakref


class Target:
    pass


def collect():
    clear = [0] * 20
    gc.collect()


def told_in_order():
    o = Target()
    told = []
    plain = [weakref.ref(o) for _ in range(600)]
    refs = []

    def hear(r):
        # All are dead by the time that the first one hears of it.
        if len(told) % 100 == 0:
            told.append(all(p() is None for p in plain) and all(p() is None for p in refs))
        else:
            told.append(r() is None)
        if len(told) == 3:
            # Those that wait for their turn are called all the same, others not at all.
            finals[0].detach()
            del dropped[:]
            collect()

    def last(n):
        told.append(("finalize", n, finals[n].alive))

    dropped = [weakref.ref(o, lambda r: None) for _ in range(300)]
    for _ in range(300):
        refs.append(weakref.ref(o, hear))
    finals = [weakref.finalize(o, last, n) for n in range(3)]
    print(all(p() is o for p in plain), finals[1].alive)
    o = None
    collect()
    print(told[:3], len(told), all(told[3:]))
    print([f.alive for f in finals], [p() for p in plain[:2]])


def left():
    o = Target()
    refs = [weakref.ref(o, lambda r: heard.append(names[r])) for _ in range(7)]
    names = {id(r): i for i, r in enumerate(refs)}
    heard = []

    class Names:
        def __getitem__(self, r):
            return by_id[id(r)]

    by_id, names = names, Names()
    # The newest, the oldest, one amid the others and two neighbours leave.
    for i in (6, 0, 3):
        refs[i] = None
    collect()
    refs[1] = refs[2] = None
    collect()
    refs.append(weakref.ref(o, lambda r: heard.append("new")))
    o = None
    collect()
    print(heard)


def by_threads():
    objects = [Target() for _ in range(40)]
    counts = [0, 0]
    done = [False, False]

    def watch(k):
        try:
            for o in objects:
                refs = [weakref.ref(o) for _ in range(12)]
                f = weakref.finalize(o, print, "never")
                if all(r() is o for r in refs) and f.peek()[0] is o:
                    counts[k] += 1
                f.detach()
        finally:
            done[k] = True

    for k in range(2):
        _thread.start_new_thread(watch, (k,))
    while not (done[0] and done[1]):
        time.sleep(0.001)
    objects = None
    collect()
    print(counts)


def many_targets():
    objects = [Target() for _ in range(600)]
    heard = []
    refs = [weakref.ref(o, heard.append) for o in objects]
    print(all(r() is o for r, o in zip(refs, objects)))
    o = None
    del objects[::2]
    collect()
    collect()
    print(abs(len(heard) - 300) < 3, sum(r() is None for r in refs) == len(heard))


told_in_order()
left()
by_threads()
many_targets()
