# Each generator object has its own locals; a running one cannot be entered again.
def letters(word):
    for c in word:
        yield c


a, b = letters("abc"), letters("xyz")
print(next(a), next(b), next(a), next(b), next(a))


def reenter():
    try:
        next(me)
    except ValueError:
        yield "already running"


me = reenter()
print(next(me))


def with_locals(n):
    squares = []
    while len(squares) < n:
        squares.append(len(squares) ** 2)
        yield squares
    yield tuple(squares)


*_, last = with_locals(4)
print(last)
