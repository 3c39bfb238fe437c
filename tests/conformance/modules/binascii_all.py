# Text and bytes: hex, base64, crc32; what is not text of that kind is refused.
import binascii

data = b"\x00\x01\xfe\xffHello"
print(binascii.hexlify(data), binascii.hexlify(b""), binascii.hexlify(data, ":"), binascii.hexlify(bytearray(b"zz")))
print(binascii.unhexlify(b"0001fEff48"), binascii.unhexlify("414243"), binascii.unhexlify(b""))
for wrong in (b"0", b"0g", "1 2 "):
    try:
        print(binascii.unhexlify(wrong))
    except ValueError:
        print("ValueError", wrong)
for n in range(8):
    text = binascii.b2a_base64(bytes(range(250, 250 - n, -1)))
    print(text, binascii.a2b_base64(text), binascii.a2b_base64(text.decode().rstrip()) == binascii.a2b_base64(text))
print(binascii.a2b_base64(b"SGVs\nbG8="), binascii.a2b_base64("+/+/"), binascii.a2b_base64(b"S G V s"))
for wrong in (b"a", b"ab", b"abc", b"abcde"):
    try:
        print(binascii.a2b_base64(wrong))
    except ValueError:
        print("ValueError", wrong)
print(binascii.b2a_base64(b"no end", newline=False))
print(binascii.crc32(b""), binascii.crc32(b"a"), binascii.crc32(data), binascii.crc32(b"lo", binascii.crc32(b"Hel")))
print(binascii.crc32(b"Hello") == binascii.crc32(b"lo", binascii.crc32(b"Hel")), binascii.crc32(bytes(1000)))
