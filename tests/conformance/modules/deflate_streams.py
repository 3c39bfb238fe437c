# deflate: what zlib packed is unpacked, in any pieces; what is packed here comes back; damage is refused.
import binascii
import deflate
import gc
import io

text = b"so it goes, and so it goes, and so it goes: " * 5
# zlib.compress(b'hello', 0)
stored = b"x\x01\x01\x05\x00\xfa\xffhello\x06,\x02\x15"


def unpack(data, *args):
    with deflate.DeflateIO(io.BytesIO(data), *args) as d:
        return d.read()


def pack(data, *args):
    b = io.BytesIO()
    with deflate.DeflateIO(b, *args) as d:
        for i in range(0, len(data), 50):
            d.write(data[i : i + 50])
    return b.getvalue()


print(unpack(stored), unpack(stored[2:-4], deflate.RAW))
mixed = bytes((i * i >> 3) & 255 for i in range(3000)) + text + bytes(1000)
for form in (deflate.RAW, deflate.ZLIB, deflate.GZIP):
    for bits in (5, 8, 15):
        # A window of 32 KB is a third of a board's heap, and what lies amid it is not moved out of the way.
        p = None
        gc.collect()
        p = pack(mixed, form, bits)
        print(form, bits, len(p) < len(mixed), unpack(p, form, bits) == mixed)
        if form != deflate.RAW:
            print(unpack(p, deflate.AUTO, bits) == mixed)

# In pieces.
p = pack(text, deflate.ZLIB)
d = deflate.DeflateIO(io.BytesIO(p))
got = b""
while True:
    part = d.read(7)
    if not part:
        break
    got += part
print(got == text)
b = bytearray(10)
d = deflate.DeflateIO(io.BytesIO(p))
print(d.readinto(b), b, d.readline()[:5])

# A match may overlap itself, and reach back over all of the window.
print(len(pack(b"a" * 1000, deflate.RAW)), unpack(pack(b"a" * 1000, deflate.RAW), deflate.RAW) == b"a" * 1000)
far = bytes(range(32)) * 2
print(len(pack(far, deflate.RAW, 5)) < 50, unpack(pack(far, deflate.RAW, 5), deflate.RAW, 5) == far)

# Every cut and many changes: an error, or the whole text, never anything worse.
whole = pack(text, deflate.GZIP)
for n in range(len(whole)):
    try:
        unpack(whole[:n])
        print("cut", n)
    except (OSError, EOFError):
        pass
seed = 1
taken = 0
for n in range(300):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    broken = bytearray(whole)
    broken[(seed >> 8) % len(whole)] ^= 1 << (seed >> 5 & 7)
    try:
        taken += unpack(bytes(broken)) == text
    except (OSError, EOFError):
        pass
print("changes that do not matter", taken < 60)
for n in range(200):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    junk = bytes((seed * k >> 9) & 255 for k in range(1, 40))
    try:
        unpack(junk, deflate.RAW)
    except (OSError, EOFError):
        pass

for args in ((deflate.RAW, 4), (deflate.RAW, 16), (9,), (-1,)):
    try:
        deflate.DeflateIO(io.BytesIO(), *args)
    except ValueError as e:
        print("ValueError", e)
for bad in (b"", b"x", b"no header", pack(text, deflate.ZLIB)[:5]):
    try:
        unpack(bad)
    except (OSError, EOFError) as e:
        print(type(e).__name__)
d = deflate.DeflateIO(io.BytesIO(p))
d.close()
d.close()
try:
    d.read()
except OSError as e:
    print(e.errno)
below = io.BytesIO(p)
deflate.DeflateIO(below, deflate.AUTO, 0, True).close()
try:
    below.read()
except ValueError:
    print("closed below")
