# Generators take all argument kinds and keep closures.
def gen(a, b=2, *rest, key, **kw):
    yield a, b
    yield from rest
    yield key, sorted(kw.items())


print(list(gen(1, key="k")), list(gen(1, 3, 4, 5, key=0, x=9)))


def powers(base):
    def upto(n):
        for i in range(n):
            yield base**i

    return upto


print(list(powers(3)(5)), sum(powers(2)(10)))
try:
    gen(1)
except TypeError:
    print("refused at the call")
