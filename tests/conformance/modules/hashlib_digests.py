# hashlib: digests of every length around the block size, data in pieces.
import hashlib

for make in (hashlib.sha256, hashlib.sha1, hashlib.md5):
    print(make().digest().hex(), make(b"abc").digest().hex())
    h = make()
    for n in (0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000):
        data = bytes((i * 7 + n) & 255 for i in range(n))
        print(n, make(data).digest().hex())
        h.update(data)
    print(h.digest().hex())
    h = make(b"first")
    h.update(bytearray(b" second"))
    h.update(memoryview(b" third"))
    print(h.hexdigest())
for bad in (5, None, []):
    try:
        hashlib.sha256(bad)
        print("taken")
    except TypeError:
        print("TypeError")
