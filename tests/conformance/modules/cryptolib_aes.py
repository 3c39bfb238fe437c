# cryptolib: the published vectors of SP 800-38A, modes, buffers that are the same, what is refused.
from cryptolib import aes

text = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
k128 = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
k256 = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
iv = bytes(range(16))
counter = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
for key in (k128, k256):
    for mode, vector in ((1, None), (2, iv), (6, counter)):
        c = aes(key, mode, vector).encrypt(text)
        print(mode, c.hex(), aes(key, mode, vector).decrypt(c) == text)

# The counter goes on from call to call, whatever the lengths.
one, many = aes(k128, 6, counter), aes(k128, 6, b"\xff" * 16)
print((one.encrypt(text[:1]) + one.encrypt(text[1:20]) + one.encrypt(text[20:])).hex())
print(many.encrypt(bytes(40)).hex())

b = bytearray(text)
aes(k128, 2, iv).encrypt(b, b)
print(b.hex())
into = bytearray(40)
print(aes(k128, 1).encrypt(memoryview(text), into) is into, into.hex())


def fails(f, *args):
    try:
        f(*args)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)


fails(aes, b"short", 1)
fails(aes, k128, 3)
fails(aes, k128, 2)
fails(aes, k128, 1, iv)
fails(aes, k128, 6, b"short")
fails(aes, k128, "1")
fails(aes, None, 1)
fails(aes(k128, 1).encrypt, b"123")
fails(aes(k128, 1).encrypt, text, bytearray(31))
fails(aes(k128, 1).encrypt, text, bytes(32))
c = aes(k128, 2, iv)
c.encrypt(text)
fails(c.decrypt, text)
c.encrypt(text)
