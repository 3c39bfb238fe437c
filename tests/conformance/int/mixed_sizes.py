# The same identity checked over the borders of every internal size.
borders = [2**k + d for k in (7, 8, 15, 16, 29, 30, 31, 32, 61, 62, 63, 64, 65, 128) for d in (-1, 0, 1)]
total = 0
for a in borders:
    for b in borders:
        assert (a + b) - b == a
        assert a * b // b == a
        assert (a ^ b) ^ b == a
        assert (a & b) + (a | b) == a + b
        assert -(-a) == a and ~~a == a
        assert (a - b) + (b - a) == 0
        assert int(str(a)) == a and int(hex(b), 16) == b
        assert (a << 5) >> 5 == a and a << 3 == a * 8
        total += (a - b) * (a % b)
print(len(borders), total)
