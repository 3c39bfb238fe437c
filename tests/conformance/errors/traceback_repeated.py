# A traceback of deep recursion: equal lines in a row are counted, and the outermost place stays known.
import io
import sys


def down(n):
    if n == 0:
        raise ValueError("at the bottom")
    return down(n - 1)


def start(n):
    return down(n)


def ping(n):
    if n == 0:
        raise KeyError("bottom")
    pong(n - 1)


def pong(n):
    ping(n)


def report(f, n):
    try:
        f(n)
    except Exception as e:
        out = io.StringIO()
        sys.print_exception(e, out)
        return out.getvalue()


for n in 0, 2, 3, 4, 5, 100:
    print(report(start, n))
text = report(ping, 60)
print(len(text.split("\n")), text.split("\n")[1])
del text


# What finds no memory tells only of its own place, every time.
def too_much():
    bytearray(1 << 29)


for _ in range(3):
    print(report(lambda n: too_much(), 0))
