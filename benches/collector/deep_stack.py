# Calls as deep as the value stack allows, each with objects of its own, over a full heap.
import gc


def chain(n):
    head = None
    for i in range(n):
        head = (head, i)
    return head


def deep(n):
    mine = [n, (n,)]
    if n == 0:
        for i in range(40):
            chain(150)
        gc.collect()
        return 0
    r = deep(n - 1)
    return r + (mine[1][0] == n)


keep = []
while gc.mem_free() > 60000:
    keep.append([1, 2])
for i in range(5):
    print("stack", deep(250))
