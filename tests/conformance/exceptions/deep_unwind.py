# One exception unwinds many frames, running every finally on the way.
count = 0


def down(n):
    global count
    try:
        if n == 0:
            raise ValueError("bottom")
        down(n - 1)
    finally:
        count += 1


try:
    down(40)
except ValueError as e:
    print(e, count)


def relay(n):
    try:
        if n == 0:
            raise KeyError(0)
        relay(n - 1)
    except KeyError as e:
        raise KeyError(e.args[0] + 1)


try:
    relay(30)
except KeyError as e:
    print(e.args)
