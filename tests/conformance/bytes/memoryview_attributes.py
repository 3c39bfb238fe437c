# What a memoryview tells of its items, and copies of them: itemsize, nbytes, format, readonly, tobytes, tolist, cast, release.
from array import array

for base in (b"abcdef", bytearray(b"abcdef"), array("b", [-1, 2, -3]), array("H", [1, 2, 300]), array("i", [-7, 8])):
    m = memoryview(base)
    print(m.itemsize == memoryview(base).itemsize, m.nbytes == len(m) * m.itemsize, len(m), m.format, m.readonly)
    print(m.tolist(), m[1:].tolist(), m[:0].tolist(), m.tobytes() == bytes(m))
m = memoryview(b"abcdef")
print(m.itemsize, m.nbytes, m[2:5].nbytes, m[2:5].tobytes(), m.tobytes(), memoryview(b"").nbytes)
print(memoryview(array("H", [1, 2])).itemsize, memoryview(array("H", [1, 2])).nbytes)

words = memoryview(bytearray(range(8))).cast("H")
print(len(words), words.format, words.itemsize, words.tolist() == list(array("H", bytes(range(8)))))
words[1] = 0xFFFF
print(words.cast("B").tolist(), words.cast("B").format)
for wrong in ("?!", "", 1):
    try:
        memoryview(b"ab").cast(wrong)
        print("cast", wrong)
    except (ValueError, TypeError) as e:
        print(type(e).__name__)
try:
    memoryview(b"abc").cast("H")
except (ValueError, TypeError) as e:
    print("TypeError: three bytes are no words")

m = memoryview(bytearray(b"xyz"))
m.release()
m.release()
try:
    m[0]
except (ValueError, IndexError):
    print("released")
