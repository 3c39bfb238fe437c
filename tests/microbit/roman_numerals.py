# Roman numerals, both ways, checked against each other.
PAIRS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)


def to_roman(n):
    s = ""
    for v, r in PAIRS:
        while n >= v:
            s += r
            n -= v
    return s


def from_roman(s):
    n = i = 0
    for v, r in PAIRS:
        while s.startswith(r, i):
            n += v
            i += len(r)
    if i != len(s):
        raise ValueError(s)
    return n


for n in (1, 4, 9, 14, 44, 99, 488, 1999, 2024, 3888):
    print(n, to_roman(n))
print(all(from_roman(to_roman(n)) == n for n in range(1, 500)))
longest = max((to_roman(n) for n in range(300, 400)), key=len)
print(longest, from_roman(longest))
try:
    from_roman("IIX!")
except ValueError as e:
    print("not roman:", e)
