# Long arrays that callbacks grow, shrink and empty amid extend, +, += and slices: what comes out is whole, and of a sane length.
# needs: memory
import array
import micropython

N = 6000
a = array.array("i", range(N))
b = array.array("i", range(N))


def grow(x):
    x.append(-1)


def empty(x):
    del x[:]


def amid(does, change, x):
    micropython.schedule(change, x)
    made = does()
    # Those that came too late come here.
    for _ in range(3):
        pass
    return made


for change in (grow, empty):
    for name in ("extend", "add", "iadd", "slice", "stride", "own"):
        for who in (0, 1):
            a = array.array("i", range(N))
            b = array.array("i", range(N))

            def does():
                global a
                if name == "extend":
                    a.extend(b)
                elif name == "add":
                    return a + b
                elif name == "iadd":
                    a += b
                elif name == "slice":
                    a[5:6] = b
                elif name == "stride":
                    return a[::2]
                else:
                    a.extend(a)
                return a

            made = amid(does, change, (a, b)[who])
            ok = len(made) <= 3 * N and all(-1 <= i < N for i in made)
            print(change.__name__, name, who, ok)

# Slices of the same length change what others look at.
view = memoryview(a := array.array("i", range(N)))
a[:] = array.array("i", range(N, 0, -1))
print(view[0], view[N - 1])
