# Integer programs: gcd, primes, collatz, perfect numbers, binary search.
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def search(items, x):
    low, high = 0, len(items)
    while low < high:
        mid = (low + high) >> 1
        if items[mid] < x:
            low = mid + 1
        else:
            high = mid
    return low


print(gcd(1071, 462), gcd(2**70, 6**30), gcd(0, 5), gcd(7, 0))
print([n for n in range(60) if is_prime(n)], is_prime(7919))
print(collatz(27), max((collatz(n), n) for n in range(1, 100)))
print([n for n in range(2, 500) if sum(d for d in range(1, n) if n % d == 0) == n])
squares = [i * i for i in range(100)]
print(search(squares, 50), search(squares, 49), search(squares, -1), search(squares, 10**9))
