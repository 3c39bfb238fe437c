# A chain of pairs as long as the heap allows, while garbage is made beside it.
import gc


def chain(n):
    head = None
    for i in range(n):
        head = (head, i)
    return head


n = 0
keep = None
while gc.mem_free() > 24000:
    for i in range(50):
        keep = (keep, i)
    n += 50
for i in range(60):
    chain(200)
gc.collect()
while keep:
    keep = keep[0]
    n -= 1
print("chain", n)
