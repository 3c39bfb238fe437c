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
    t = a
    del t
    del f["x"]
    g[1:2] = h[::3]
    return {a: b}, {b, d}, [e], (x and h or g)


def chain(x, y):
    def inner(z=x):
        nonlocal y
        y += z
        return [k + 1 for k in z if k], {k: z for k in y}, {k for k in z}, list(k for k in (x, y, z))

    return inner


def gen(n):
    r = yield n
    while r:
        r = yield from gen(r - 1)
    return r


async def tasks(m):
    async with m as a, m:
        await a
        async for k in m:
            if k:
                return k
            break
    return m


class A:
    x = 1

    def __init__(self, *args):
        super().__init__(*args)
        self.__class__

    def m(self):
        assert self.x is not None and self in (1, 2), "no"
        return f"{self.x:>{4}} {self!r}"


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        return self.swallow

    def __exit__(self, *exc):
        return self.swallow

    def __iter__(self):
        return iter((0, 1))

    async def __aenter__(self):
        return later()

    async def __aexit__(self, *exc):
        return self.swallow

    def __aiter__(self):
        self.n = 0
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > 2:
            raise StopAsyncIteration
        return self.n - 1


def later():
    yield 5


def attempt(f, *args, **kw):
    try:
        r = f(*args, **kw)
        if hasattr(r, "__next__"):
            r = [r.send(None), list(r)]
        print(r if not callable(r) else r())
    except Exception as e:
        print(type(e), e)


for n in range(5):
    attempt(loops, n)
for s in True, False:
    attempt(tries, [0, 1], Manager(s))
    attempt(tries, [1], Manager(s))
    attempt(tries, ["a"], Manager(s))
    attempt(tasks, Manager(s))
attempt(many, 0, 2, 1, [2], [4, 5, 6], d=4, x=1)
attempt(chain(2, [3]), [4])
attempt(gen, 3)
attempt(A().m)
