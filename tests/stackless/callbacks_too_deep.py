# Natives that call back into Python without end raise RuntimeError, and the program goes on.
# uses all: stack
def through_map(n):
    return list(map(through_map, [n + 1]))


def through_sort(n):
    return sorted([n, n], key=through_sort)


class R:
    def __repr__(self):
        return repr(R())


for f in (through_map, through_sort):
    try:
        f(0)
    except RuntimeError:
        print("RuntimeError", f.__name__)
try:
    repr(R())
except RuntimeError:
    print("RuntimeError R")
print(sorted([2, 1], key=lambda x: -x), list(map(str, [1])))
