# __next__ and __iter__, called by name, of every built-in iterator.
def gen():
    yield 1
    yield 2


made = [
    enumerate("ab"), map(abs, [-1, -2]), filter(None, [0, 3, 4]), zip("ab", [5, 6]), gen(),
]
for it in made:
    print(it.__next__(), next(it), it.__iter__() is it if hasattr(it, "__iter__") else True)
    try:
        it.__next__()
    except StopIteration:
        print("StopIteration")
