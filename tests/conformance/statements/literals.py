# Literals: numbers in all bases, strings with all prefixes and escapes.
print(0xFF, 0b1010, 0o17, 1_000_000, 0xDEAD_BEEF)
print(1e3, 1.5e-3, .5, 5., 1E2)
print("tab\there", 'quote\'s', "\x41\u00e9\U0001F600", "\101\60", "a\
b")
print(r"raw\n", b"bytes\x00\xff", rb"\raw", b'\'')
print("\\ \a\b\f\v\r\0".encode())
print('a' "b" """c""", "null\0byte".find("\0"))
print(None, True, False, ..., Ellipsis is ...)
print((), (1,), [], {}, {1}, {1: 2})
print("unknown escape \\d")
print((3).__class__ is int, (3.0).__class__ is float)
