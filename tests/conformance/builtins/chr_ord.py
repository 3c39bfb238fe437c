# chr and ord, over the whole range of code points.
print(chr(65), chr(0x20AC), chr(0x1F600), ord("A"), ord("€"), ord("😀"), ord(b"z"), repr(chr(0)))
print("".join(chr(ord(c) + 1) for c in "HAL"), all(ord(chr(i)) == i for i in range(0, 0x10FFFF, 4099) if not 0xD800 <= i < 0xE000))
for bad in (-1, 0x110000):
    try:
        chr(bad)
    except ValueError:
        print("ValueError")
for bad in ("", "ab", 5):
    try:
        ord(bad)
    except TypeError:
        print("TypeError")
