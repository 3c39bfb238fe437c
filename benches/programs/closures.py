# Closures and higher functions: counters, memory, composition.
N = 1


def counter():
    n = 0

    def up(by):
        nonlocal n
        n += by
        return n

    return up


def remember(f):
    seen = {}

    def wrapped(x):
        if x not in seen:
            seen[x] = f(x)
        return seen[x]

    return wrapped


def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x

    return run


@remember
def collatz(n):
    return 0 if n == 1 else 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)


up = counter()
step = compose(lambda x: x + 1, lambda x: x * 3, lambda x: x % 1009, up)
total = 0
for i in range(1200 * N):
    total += step(i) % 7
print(total, up(0), max(range(1, 60), key=collatz))
