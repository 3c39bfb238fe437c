# Recursion without end is a RuntimeError, and the program goes on.
# uses all: stack
def forever(n):
    return forever(n + 1)


def mutual(n):
    return other(n + 1)


def other(n):
    return mutual(n + 1)


class Endless:
    def __getattr__(self, name):
        return getattr(self, "b" if name == "a" else "a")


for attempt in (lambda: forever(0), lambda: mutual(0), lambda: Endless().a):
    try:
        attempt()
    except RuntimeError as e:
        print("RuntimeError", "maximum recursion depth exceeded" in str(e))


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(100))
