# A generator that is thrown away half-way does no harm.
def gen(n):
    for i in range(n):
        yield i


total = 0
for start in range(30):
    for x in gen(1000):
        if x > start:
            break
        total += x
print(total)
kept = [gen(5) for _ in range(50)]
print(sum(next(g) for g in kept), sum(next(g) for g in kept))
kept = None
print([next(gen(3)) for _ in range(3)])
