# Functions with `yield` and coroutines are of a type of their own, as MicroPython's libraries expect; they are functions too.


def plain():
    pass


def gen():
    yield


async def coro():
    pass


def make(x):
    def closure():
        return x

    def gen_closure():
        yield x

    return closure, gen_closure


closure, gen_closure = make(1)
for f in (plain, gen, coro, closure, gen_closure, lambda: 0, lambda: (yield)):
    print(type(f), isinstance(f, type(gen)), isinstance(f, type(plain)), callable(f))
print(type(gen) is type(coro), type(gen) is type(gen()), type(gen()), issubclass(type(gen), type(plain)))
try:

    class Sub(type(gen)):
        pass

except TypeError as e:
    print("TypeError", e)
print(gen.__name__, gen_closure.__name__, list(gen_closure()), gen.__class__ is type(gen))
