# A list of many small objects fills the heap; its places are overwritten while collections run.
import gc

keep = [None] * 4000
n = 0
while gc.mem_free() > 24000 and n < 4000:
    keep[n] = [n]
    n += 1
for i in range(4000):
    keep[i * 7 % n] = [i]
gc.collect()
print("list", all(isinstance(keep[i], list) for i in range(n)))
