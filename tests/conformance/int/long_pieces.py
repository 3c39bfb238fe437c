# needs: memory
# Ints so long that their operators work in pieces: sizes around the pieces' ends, all signs.
state = 12345


def bits(n):
    global state
    out = 0
    for _ in range(n // 24 + 1):
        state = (state * 1103515245 + 12345) % 2147483648
        out = out << 24 | state >> 7
    return out >> (out.bit_length() - n) if out.bit_length() > n else out


def show(*all):
    print(*[hex(v % (2**61 - 1)) + ":" + str(v.bit_length()) + ("-" if v < 0 else "+") for v in all])


sizes = (31, 64, 4095, 4096, 4097, 4128, 8191, 8192, 8193, 12345)
values = [bits(n) for n in sizes] + [1 << 4096, (1 << 4096) - 1, (1 << 8192) - 1, 1 << 8191]
values += [-v for v in values]
for a in values:
    for b in values:
        show(a + b, a - b, a & b, a | b, a ^ b)
        print(a < b, a == b, a >= b)
    show(-a, abs(a), ~a, +a)
    print(hash(a) == hash(a + 0), a == a + 0, a < a + 1, a > a - 1)
for a in values[::3]:
    for n in (0, 1, 31, 32, 33, 4000, 4096, 4097, 8200):
        show(a << n, a >> n, (a << n) >> n)
        if a < 0:
            show((a << n | 1) >> n, (a << n) - 1 >> n)
for a in values[::2]:
    for b in values[::3]:
        q, r = divmod(a, b)
        show(a * b, q, r)
        print(q * b + r == a)
for a in values:
    n = a.bit_length() // 8 + 1
    for order in ("big", "little"):
        data = a.to_bytes(n, order, signed=True)
        print(sum(data), int.from_bytes(data, order, signed=True) == a)
        if a > 0:
            wide = a.to_bytes(n + 3, order)
            show(int.from_bytes(wide, order), int.from_bytes(bytearray(wide), order))
            print(int.from_bytes(wide, order) == a)
    text = hex(a)
    print(len(text), text[:20], text[-20:], int(text, 16) == a, int(bin(a), 0) == a)
for n in (1, 128, 129, 200):
    digits = ("1234567890" * 33)[: n * 2]
    v = int(digits)
    print(str(v) == digits, int("-" + digits) == -v, int("0" * 300 + digits) == v)
    try:
        int(digits + "x")
    except ValueError:
        print("ValueError")
# Texts of other kinds, and what is wrong late in a long one.
digits = "9876543210" * 40
for text in (digits.encode(), bytearray(digits.encode()), " \t" * 200 + digits + "\n" * 200, "_".join(digits)):
    print(int(text) % 1000000007)
for text in (digits + "_", digits + "__1", "0" * 300 + "x", "_" + digits, "", " " * 300, "0x" + "f" * 200 + "g"):
    for base in (10, 0, 16):
        try:
            print(int(text, base) % 1000000007)
        except ValueError:
            print("ValueError")
for text in ("0" * 300 + "7", "0" * 300, "00", "0x" + "0" * 200 + "1f", "-0b" + "10" * 200):
    for base in (10, 0, 16, 2):
        try:
            print(int(text, base) % 1000000007)
        except ValueError:
            print("ValueError")
