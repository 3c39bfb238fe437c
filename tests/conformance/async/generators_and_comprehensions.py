# Asynchronous generators and comprehensions (PEP 525, 530).
# a minimal loop: awaits yield numbers
class Pause:
    def __init__(self, v): self.v = v
    def __await__(self):
        x = yield self.v
        return x
    __iter__ = __await__
def run(c):
    out = []
    send = None
    try:
        while True:
            v = c.send(send)
            out.append(v)
            send = v * 10 if isinstance(v, int) else None
    except StopIteration as e:
        return out, e.value
async def agen(n):
    for i in range(n):
        x = await Pause(i)
        got = yield (i, x)
        if got is not None: print('got', got)
async def t1():
    res = []
    async for v in agen(3): res.append(v)
    return res
print(run(t1()))
async def t2():
    return [v async for v in agen(2)], {a: b async for a, b in agen(2)}, {a async for a, b in agen(3) if a != 1}, [x for x in [await Pause(5)]], [await Pause(i) for i in range(2)]
print(run(t2()))
async def t3():
    g = (v[0] + 100 async for v in agen(3) if v[0])
    out = []
    async for x in g: out.append(x)
    g2 = (await Pause(i) for i in (7, 8))
    async for x in g2: out.append(x)
    return out
print(run(t3()))
async def t4():
    g = agen(5)
    print(await g.__anext__())
    print(await g.asend('hello'))
    try: print(await g.athrow(ValueError('v')))
    except ValueError as e: print('VE', e)
    try: await g.__anext__()
    except StopAsyncIteration as e: print('stop', e.args)
    print(await g.aclose())
    g = agen(1)
    print(await g.aclose())
    try: await anext(g)
    except StopAsyncIteration: print('stop')
    print(await anext(agen(0), 'default'), await anext(agen(1), 'default'))
    g = agen(2)
    it = aiter(g)
    print(it is g)
print(run(t4()))
async def fin():
    try:
        yield 1
        yield 2
    finally:
        x = await Pause(77)
        print('cleanup', x)
async def t5():
    g = fin()
    print(await anext(g))
    await g.aclose()
    g = fin()
    async for x in g:
        break
    await g.aclose()
    async def bad():
        try: yield 1
        except GeneratorExit: yield 2
    g = bad()
    await anext(g)
    try: await g.aclose()
    except RuntimeError as e: print('RE', e)
    async def catch():
        while True:
            try: x = yield 0
            except KeyError: yield 'caught'
    g = catch()
    await anext(g)
    print(await g.athrow(KeyError))
    async def sai():
        yield 1
        raise StopAsyncIteration
    try:
        async for x in sai(): print(x)
    except RuntimeError as e: print('RE')
print(run(t5()))
class AI:
    def __init__(self, n): self.i = 0; self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n: raise StopAsyncIteration
        self.i += 1
        await Pause(self.i)
        return self.i
class CM:
    async def __aenter__(self): await Pause('in'); return 5
    async def __aexit__(self, *a): await Pause('out'); print('exit', a[0])
async def t6():
    async def inner():
        async with CM() as c:
            async for x in AI(2):
                yield c, x
    r = [x async for x in inner()]
    r2 = [(a, b) async for a in AI(2) for b in 'xy' if b == 'y' or a == 1 async for c in AI(1)]
    r3 = [[y async for y in AI(x)] for x in range(3)]
    r4 = [x for y in [1, 2] async for x in AI(y)]
    r5 = sum([x async for x in AI(3)])
    n = 0
    async for x in AI(3):
        n += x
    else: n += 100
    return r, r2, r3, r4, r5, n
print(run(t6()))
async def t7():
    async def boom():
        yield 1
        raise OSError(1)
    try: return [x async for x in boom()]
    except OSError as e: return 'OS'
print(run(t7()))
async def chain(n):
    if n == 0:
        yield 'base'
    else:
        async for x in chain(n - 1): yield x
async def t8(): return [x async for x in chain(5)]
print(run(t8()))
for src in ('def f(): [x async for x in y]', '[x async for x in y]', 'async def f(): {x async for x in y}', 'def f(): (x async for x in y)', 'def f():\n async for x in y: pass', 'async def f(): [x async y]', 'async def f(): return [async for x in y]', 'def f(): [await x for x in y]', 'async def f():\n def g(): [x async for x in y]', 'async def f(): return [x for x in await y]', 'async def f(): return lambda: [x async for x in y]', 'async def f():\n  return [i async for i in z if await q]'):
    try: compile(src, 's', 'exec'); print('ok', src)
    except SyntaxError: print('SyntaxError', src)
