# gc.mem_free and mem_alloc: memory that is dropped comes back.
import gc

gc.collect()
before = gc.mem_alloc()
data = [bytearray(100) for _ in range(20)]
during = gc.mem_alloc()
print(during - before >= 2000, gc.mem_free() > 0)
data = None
gc.collect()
print(gc.mem_alloc() - before < 500)
for i in range(3):
    cycle = []
    cycle.append(cycle)
    cycle.append(bytearray(2000))
cycle = None
gc.collect()
print(gc.mem_alloc() - before < 500)
