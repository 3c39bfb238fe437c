# One instruction that meets objects of several classes in turn, more than are remembered, while classes and objects change.


def make(n, first):
    class C:
        def __init__(self):
            for k in range(first):
                setattr(self, "pad%d" % k, k)
            self.x = n
            self.y = -n

        def name(self):
            return "C%d" % n

    return C


classes = [make(n, n % 3) for n in range(5)]
things = [c() for c in classes]


def read(o):
    return o.x


def write(o, v):
    o.x = v


def new(o, v):
    o.z = v
    return o.z


def call(o):
    return o.name()


for step in range(4):
    print([read(o) for o in things], [call(o) for o in things])
    for o in things:
        write(o, read(o) + 10)
for group in ((0, 1), (0, 1, 2), (3, 4, 3), (4, 0, 4, 1)):
    for step in range(3):
        for i in group:
            write(things[i], (step, i))
            assert read(things[i]) == (step, i)
            assert call(things[i]) == "C%d" % i
            assert things[i].y == -i

# New attributes: the first store grows the object, the next ones do not.
print([new(o, i) for i, o in enumerate(things)], [new(o, -i) for i, o in enumerate(things)])
fresh = [c() for c in classes for _ in range(3)]
print([new(o, i) for i, o in enumerate(fresh)], [o.z for o in fresh])

# A class gains, changes and loses a method, and an attribute of the instance hides it.
classes[0].name = lambda self: "changed"
print([call(o) for o in things])
things[1].name = lambda: "own"
print([call(o) for o in things])
del things[1].name
del classes[0].name
for i, o in enumerate(things):
    try:
        print(call(o))
    except AttributeError:
        print(i, "has none")

# Attributes go, and others take their slots.
for o in things:
    del o.x
    assert o.y == -things.index(o)
    try:
        read(o)
    except AttributeError:
        write(o, "back")
    assert read(o) == "back"
print([read(o) for o in things], [o.y for o in things])
