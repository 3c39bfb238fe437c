# Checksums: CRC-8, CRC-16 and CRC-32 by bits, and CRC-16 by table.
def reflect(v, n):
    r = 0
    for _ in range(n):
        r = r << 1 | v & 1
        v >>= 1
    return r


def crc(data, width, poly, start, mirrored, final):
    top = 1 << (width - 1)
    mask = (1 << width) - 1
    c = start
    for b in data:
        c ^= (reflect(b, 8) if mirrored else b) << (width - 8)
        for _ in range(8):
            c = (c << 1 ^ poly if c & top else c << 1) & mask
    return (reflect(c, width) if mirrored else c) ^ final


CHECK = b"123456789"
print(hex(crc(CHECK, 8, 0x07, 0, False, 0)))
print(hex(crc(CHECK, 16, 0x1021, 0xFFFF, False, 0)))
print(hex(crc(CHECK, 16, 0x8005, 0, True, 0)))
print(hex(crc(CHECK, 32, 0x04C11DB7, 0xFFFFFFFF, True, 0xFFFFFFFF)))

nibbles = [crc(bytes([i]), 16, 0x1021, 0, False, 0) for i in range(16)]


def fast(data):
    c = 0xFFFF
    for b in data:
        for n in (b >> 4, b & 15):
            c = (c << 4 ^ nibbles[c >> 12 ^ n]) & 0xFFFF
    return c


print(hex(fast(CHECK)), fast(b"") == 0xFFFF, hex(fast(bytes(range(64)))))
