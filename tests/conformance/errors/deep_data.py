# Deeply nested data prints, compares and hashes without exhausting anything, or says so.
# not with gc=always: every safepoint would mark 4,000 cells
def nest(n):
    x = ()
    for _ in range(n):
        x = (x,)
    return x


a, b = nest(60), nest(60)
print(a == b, a == nest(61), hash(a) == hash(b), len(str(a)), str(nest(3)))
d = {}
inner = d
for i in range(40):
    inner["k"] = {}
    inner = inner["k"]
print(str(d).count("k"))
cells = None
for i in range(4000):
    cells = (i, cells)
total = 0
while cells:
    total += cells[0]
    cells = cells[1]
print(total)
