# Text and bytes: what MicroPython does otherwise than CPython, and we do not.
x, y = 1, 2
# f-strings beside other literals, brackets in strings in f-strings, !a.
print("a{}a" f"{x}", f"{x}" "a{}b", "{" f"{y}" "}")
print(f"{'hello { world'}", f"{'hello ] world'}", f"{'é'!a}")

# str() and bytes() with names, encodings in any spelling, error handlers.
print(str(b"abc", encoding="utf8"), bytes("abc", encoding="utf8"), str(b"ab\xff", "utf-8", errors="ignore"))
print("\u20ac".encode("UTF-8"), bytes("\u20ac", "UTF-8"), "abc".encode("ASCII"), b"abc".decode("Ascii"))
print("a\u20acb".encode("ascii", "replace"), "a\u20acb".encode("ascii", "ignore"))
print(b"a\xffb".decode(encoding="utf-8", errors="replace"), b"a\xffb".decode("utf-8", "ignore"))
for bad in (lambda: "\u20ac".encode("ascii"), lambda: bytes("\u20ac", "ascii")):
    try:
        bad()
    except UnicodeError:
        print("UnicodeError")
try:
    b"{}".format(1)
except AttributeError:
    print("AttributeError")

# The whole of format's little language.
print("{a[0]} {b.real} {c[k]}".format(a=[1, 2], b=3j, c={"k": 4}))
print("{:,f} {:_f} {:011,.2f} {:011_.2f}".format(3141.5, 3141.5, 3141.5, 3141.5))
for spec in ("{:,b}", "{:,x}", "{:,o}"):
    try:
        print(spec.format(99))
    except ValueError:
        print("ValueError")

# Methods, steps.
print("abc".ljust(5) + "|", "abc".rjust(5), "-7".zfill(4), "abc".center(7, "*"), b"ab".ljust(4, b"."))
print("a a a".rsplit(None, 1), "abcdefghi"[0:9:2], b"123"[0:3:2], "abc"[::-1])

# What is no character is escaped.
for ch in ("\uffff", "\U0001ffff", "\ufdd0"):
    print(repr(ch))
try:
    complex("1 1j")
except ValueError:
    print("ValueError")
