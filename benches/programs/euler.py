# Big ints: digits of e and of a square root, by integer arithmetic only.
N = 1


def digits_of_e(n):
    scale = 10 ** (n + 10)
    total = term = scale
    k = 1
    while term:
        term //= k
        total += term
        k += 1
    return str(total // 10**10)


def root(n, digits):
    n *= 10 ** (2 * digits)
    x = 1 << (len(bin(n)) // 2)
    while True:
        y = (x + n // x) >> 1
        if y >= x:
            return x
        x = y


e = digits_of_e(120 * N)
print(len(e), e[:20], sum(int(c) for c in e))
r = root(2, 80 * N)
print(str(r)[:20], r * r <= 2 * 10 ** (160 * N) < (r + 1) * (r + 1))
