# gc: collection on demand, switching it off and on.
# not with gc=never: gc.enable() cannot change that mode
import gc

gc.collect()
print(gc.isenabled())
gc.disable()
print(gc.isenabled())
keep = [[i] for i in range(50)]
gc.enable()
print(gc.isenabled())


class Node:
    pass


for _ in range(20):
    a, b = Node(), Node()
    a.other, b.other = b, a
a = b = None
gc.collect()
print(len(keep), keep[49])
