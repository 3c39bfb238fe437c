# Endless generators, taken only as far as needed.
def count(start=0, step=1):
    while True:
        yield start
        start += step


def take(n, source):
    for i, x in enumerate(source):
        if i == n:
            return
        yield x


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def primes():
    found = []
    for n in count(2):
        if all(n % p for p in found):
            found.append(n)
            yield n


print(list(take(5, count(10, 3))))
print(list(take(15, fibonacci())))
print(list(take(12, primes())))
print([a * b for a, b in zip(range(4), count(1))])
