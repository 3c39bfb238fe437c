# Keyword arguments in any order; unknown, doubled and missing ones are errors.
def point(x, y, z=0):
    return (x, y, z)


print(point(y=2, x=1))
print(point(1, z=3, y=2))


def attempt(*args, **kwargs):
    try:
        print(point(*args, **kwargs))
    except TypeError:
        print("TypeError", args, sorted(kwargs.items()))


attempt(1, x=2)
attempt(1, 2, w=3)
attempt(y=1)
attempt(x=1, y=2, z=3)
