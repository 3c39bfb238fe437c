# The methods that byte arrays share with bytes, each on a byte array; what they give is one too.
a = bytearray(b" one,two,,three,one ")
print(a.find(b"one"), a.rfind(b"one"), a.index(b"two"), a.rindex(b","), a.count(b"one"), a.count(b""))
print(a.startswith(b" one"), a.endswith(b"one "), a.startswith(b"two", 5), a.endswith((b"x", b" ")))
print(a.strip(), a.lstrip(), a.rstrip(), a.strip(b" eno"), a.lstrip(b" o"), a.rstrip(b" e"))
print(a.split(b","), a.rsplit(b",", 1), a.split(), bytearray(b"a\nb\r\nc").splitlines())
print(bytearray(b"a\nb").splitlines(True), a.partition(b","), a.rpartition(b","), a.partition(b"?"))
print(a.replace(b"one", b"1"), a.replace(b",", b"", 1), bytearray(b"-").join([b"a", bytearray(b"b")]))
print(bytearray(b"aBc1").upper(), bytearray(b"aBc1").lower(), bytearray(b"ab").center(6), bytearray(b"ab").center(5, b"*"))
print(bytearray(b"ab").ljust(4), bytearray(b"ab").rjust(4, b"."), bytearray(b"-7").zfill(4))
print(bytearray.fromhex("00ff 7f"), type(bytearray.fromhex("01")).__name__, bytearray(b"\x00\xff").hex(), bytearray(b"\x01\x02").hex(":"))
print(bytearray(b"ab").isalpha(), bytearray(b"12").isdigit(), bytearray(b"a1").isalnum(), bytearray(b" \t").isspace())
print(bytearray(b"AB").isupper(), bytearray(b"ab").islower(), bytearray(b"prefix").removeprefix(b"pre"), bytearray(b"name.py").removesuffix(b".py"))
print(bytearray("é", "utf-8").decode(), [type(v).__name__ for v in (a.strip(), a.upper(), a + b"", b"" + a, a.split(b",")[0], a * 1)])
for wrong in (lambda: a.index(b"none"), lambda: a.rindex(b"none"), lambda: a.find("one"), lambda: bytearray.fromhex("0")):
    try:
        print(wrong())
    except (ValueError, TypeError) as e:
        print(type(e).__name__)
