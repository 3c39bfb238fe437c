# try blocks 200 deep: unwinding, raising again, finally with work of its own.
def plain(n):
    if n == 0:
        raise ValueError("bottom")
    plain(n - 1)


def again(n):
    try:
        if n == 0:
            raise ValueError(0)
        again(n - 1)
    except ValueError as e:
        raise ValueError(e.args[0] + 1)


def cleanup(n):
    global cleaned
    try:
        if n == 0:
            raise KeyError("bottom")
        cleanup(n - 1)
    finally:
        cleaned += sum([1 for _ in (0,)])


def handler(n):
    try:
        raise IndexError
    except IndexError:
        return 0 if n == 0 else 1 + handler(n - 1)


cleaned = 0
for f in (plain, again, cleanup):
    try:
        f(200)
    except (ValueError, KeyError) as e:
        print(f.__name__, e.args, cleaned)
print(handler(200))
