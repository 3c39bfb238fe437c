# Programs about digits: sums, reversals, squares and bases.
print(sum(int(d) for d in str(2**1000)), len(str(3**500)))


def to_base(n, base):
    digits = ""
    while n:
        n, d = divmod(n, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + digits
    return digits or "0"


for n in (0, 255, 10**18, 36**20 - 1):
    print(to_base(n, 2), to_base(n, 7), to_base(n, 36), int(to_base(n, 7), 7) == n)


def isqrt(n):
    x = 1 << (len(bin(n)) - 2) // 2 + 1
    while True:
        y = (x + n // x) // 2
        if y >= x:
            return x
        x = y


print(isqrt(2 * 10**60), isqrt(10**40), isqrt(99))
