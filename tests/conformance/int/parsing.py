# int() from text: bases, signs, spaces, underscores, and errors.
print(int("42"), int("-42"), int(" +7 \n"), int("0"), int("00012"))
print(int("ff", 16), int("0xFF", 16), int("-0b101", 2), int("0o17", 0), int("z", 36), int("0x1f", 0))
print(int("123456789012345678901234567890"), int("-ffffffffffffffffffff", 16))
print(int("1" * 40), int(b"19"), int("101", 2), int("777", 8))
for bad in ("", " ", "a", "1a", "0x", "--1", "1.5", "9", "1 2"):
    try:
        print(int(bad, 8))
    except ValueError:
        print("ValueError", repr(bad))
for base in (1, 37, -2):
    try:
        int("1", base)
    except ValueError:
        print("base", base)
try:
    int([])
except TypeError:
    print("TypeError")
