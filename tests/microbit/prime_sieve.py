# The sieve of Eratosthenes, one bit a number.
N = 2000
bits = bytearray(N // 8 + 1)


def crossed(n):
    return bits[n >> 3] & (1 << (n & 7))


for n in range(2, N):
    if n * n >= N:
        break
    if not crossed(n):
        for m in range(n * n, N, n):
            bits[m >> 3] |= 1 << (m & 7)


def primes():
    for n in range(2, N):
        if not crossed(n):
            yield n


count = total = last = gap = 0
for p in primes():
    count += 1
    total += p
    if last and p - last > gap:
        gap = p - last
        print("gap", gap, "before", p)
    last = p
print(count, total, last)
