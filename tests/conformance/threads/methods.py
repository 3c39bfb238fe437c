# A method of a list, dict or set is one step for the other threads: they never meet it half done.
import _thread
import time

items = []
table = {}
seen = set()
faults = []
done = [False] * 4


def work(n):
    low = n * 1000
    try:
        for turn in range(3):
            for x in range(low, low + 100):
                items.extend([x, x, x])
                items.remove(x)
                if items.count(x) != 2 + turn:
                    faults.append(("count", x))
                items.remove(x)
                if x not in items:
                    faults.append(("in", x))
                table.update({x: turn, -x - 1: turn})
                if x not in table or table.pop(-x - 1) != turn:
                    faults.append(("dict", x))
                seen.update((x, x + 0.5))
                seen.discard(x + 0.5)
                if x not in seen:
                    faults.append(("set", x))
    except Exception as e:
        faults.append(repr(e))
    finally:
        done[n] = True


for n in range(4):
    _thread.start_new_thread(work, (n,))
while not all(done):
    time.sleep(0.001)
print(faults)
print(len(items), len(table), len(seen))
expected = []
for low in range(0, 4000, 1000):
    expected += list(range(low, low + 100)) * 3
print(sorted(items) == sorted(expected))
