# What others do while memory is collected, bytes are moved and tables grow: a byte array and a dict that another thread changes,
# streams that it closes, and callbacks of its own amid it all. Nothing breaks, and what comes out is made of what was there.
# not with oom: what fails in one of two threads differs from run to run
# needs: memory
import _thread
import array
import gc
import io
import time
from collections import OrderedDict, deque

stop = [False]
ended = [False]
faults = []
block = bytearray(b"ab" * 2000)
table = {n: n for n in range(300)}
group = set(range(500))
streams = [io.StringIO(), io.BytesIO()]
ordered = OrderedDict((n, n * 0.5) for n in range(300))
ring = deque(range(300), 600)
wide = array.array("q", [n << 40 for n in range(200)])


def rearrange():
    turn = 0
    while not stop[0]:
        turn += 1
        block[5:6] = b"xyz" * (turn % 50)
        del block[turn % 40 :: 3]
        block.extend(b"ab" * 1000)
        if turn % 7 == 0:
            block[:] = b"q"
        if len(block) > 9000:
            del block[:7000]
        for n in range(turn % 300, 500, 11):
            table[n] = n
        for n in range(turn % 90, 300):
            table.pop(n, None)
        group.discard(turn % 500)
        group.add(turn % 1200)
        ordered.pop(turn % 400, None)
        ordered[turn % 400 + 1] = turn * 0.25
        ring.popleft()
        ring.append(turn)
        wide[turn % 200] = turn << 33
        if turn % 5 == 0:
            streams[0].close()
            streams[0] = io.StringIO()
            streams[1].close()
            streams[1] = io.BytesIO()


def disturb():
    try:
        rearrange()
    except Exception as e:
        faults.append(("disturb", repr(e)))
    finally:
        ended[0] = True


def pieces(data):
    return all(b in b"abxyzq" for b in data)


def stored():
    mine = bytearray(block)
    mine[3:4] = block
    del mine[: len(mine) // 2]
    mine[1:1] = mine
    return pieces(mine) and pieces(block[1:]) and pieces(block[::-1]) and pieces(block + b"ab") and pieces(block * 2)


def grown():
    d = dict(table)
    for n in range(500):
        d[n] = -n
    for n in range(0, 500, 2):
        del d[n]
    for n in range(500, 700):
        d[n] = -n
    k, v = d.popitem()
    return v == -k == -699 and list(d)[-1] == 698 and len(d) >= 449 and all(d[n] == -n for n in range(1, 500, 2))


def made():
    members = {"n%d" % n: n for n in range(400)}
    K = type("K", (), members)
    for n in range(400, 700):
        setattr(K, "n%d" % n, n)
    return K.n0 == 0 and K.n399 == 399 and K.n699 == 699


def emptied():
    s = set(group)
    seen = set()
    while s:
        seen.add(s.pop())
    return len(seen) > 300 and all(0 <= n < 1200 for n in seen)


def written():
    try:
        print("ab" * 3000, file=streams[0])
        streams[1].write(block)
        return set(streams[0].getvalue()) <= set("ab\n") and pieces(streams[1].getvalue())
    except ValueError:
        # It was closed.
        return True


def shown():
    view = repr(ordered.values())
    return "" not in (repr(ordered), repr(ring), repr(wide), view) and repr(wide)[-2:] == "])" and len(str(table)) > 2


def inserted():
    l = list(range(3000))
    for n in range(20):
        l.insert(1, n)
        l[5:6] = [n] * 40
        if l.pop(0) != 0:
            return False
        l.insert(0, 0)
    return l[-1] == 2999 and len(l) == 3000 + 20 * 40


_thread.start_new_thread(disturb, ())
for turn in range(2):
    for check in (stored, grown, made, emptied, written, shown, inserted):
        try:
            if not check():
                faults.append(check.__name__)
        except RuntimeError as e:
            # CPython's dicts, sets and deques refuse to be walked while they change.
            if "changed size" not in str(e) and "mutated" not in str(e):
                faults.append((check.__name__, repr(e)))
        except Exception as e:
            faults.append((check.__name__, repr(e)))
    gc.collect()
stop[0] = True
while not ended[0]:
    time.sleep(0.001)
print(faults)
