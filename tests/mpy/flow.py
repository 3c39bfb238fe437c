# Every kind of block and jump: what the verifier has rules for.
def loops(n):
    for i in range(n):
        if i == 3:
            continue
        for j in (i, 2):
            while j:
                j -= 1
                if j > 1:
                    break
            else:
                n += 1
    return n


def tries(f, g):
    for x in f:
        try:
            with g as a, g:
                if x:
                    continue
                if a:
                    return x
                break
        except (ValueError, TypeError) as e:
            print(e)
            if x:
                break
            raise
        except OSError:
            return
        else:
            x += 1
        finally:
            for y in g:
                try:
                    x += y
                finally:
                    if y:
                        return 3
                    break
    return lambda: x


def many(a, b=1, *c, d, e=2, **f):
    a, *g, h = c
    x = a < b < d
    del a
    del f["x"]
    g[1:2] = h[::3]
    return {a: b}, {c, d}, [e], (x and h or g)


def chain(x, y):
    def inner(z=x):
        nonlocal y
        y += z
        return [y + k for k in z if k], {k: z for k in y}, {k for k in z}, (k for k in (x, y, z))

    return inner


def gen(n):
    r = yield n
    while r:
        r = yield from gen(r - 1)
    return r


async def tasks(m):
    async with m as a, m:
        await a
        async for k in a:
            if k:
                return k
            break
    return m


class A:
    x = 1

    def __init__(self, *args):
        super().__init__(*args, **{"a": 1})
        self.__class__

    def m(self):
        assert self.x is not None and self in (1, 2), "no"
        return f"{self.x:>{4}} {self!r}"


print(loops(5), many(1, 2, 3, d=4), list(gen(3)), A)
