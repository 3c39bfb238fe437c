# Bytes: a base-64 codec, a checksum and a ring buffer.
N = 1
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def encode(data):
    out = bytearray()
    for i in range(0, len(data) - 2, 3):
        v = data[i] << 16 | data[i + 1] << 8 | data[i + 2]
        out.append(LETTERS[v >> 18])
        out.append(LETTERS[v >> 12 & 63])
        out.append(LETTERS[v >> 6 & 63])
        out.append(LETTERS[v & 63])
    return bytes(out)


def adler(data):
    a, b = 1, 0
    for x in data:
        a = (a + x) % 65521
        b = (b + a) % 65521
    return b << 16 | a


class Ring:
    def __init__(self, size):
        self.data = bytearray(size)
        self.read = self.write = 0

    def put(self, x):
        self.data[self.write] = x
        self.write = (self.write + 1) % len(self.data)

    def get(self):
        x = self.data[self.read]
        self.read = (self.read + 1) % len(self.data)
        return x


data = bytes(i * 7 & 255 for i in range(300))
ring = Ring(64)
total = 0
for _ in range(4 * N):
    text = encode(data)
    total += adler(text)
    for x in text[:200]:
        ring.put(x)
        total += ring.get()
print(text[:16], hex(total))
