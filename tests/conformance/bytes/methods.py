# bytes share most methods with str.
b = b"  Hello World  "
print(b.strip(), b.lstrip(), b.rstrip(), b.upper(), b.lower())
print(b"a,b,,c".split(b","), b"a b c".rsplit(b" ", 1), b" a  b ".split())
print(b"hello".replace(b"l", b"L"), b"hello".count(b"l"), b"hello".rfind(b"l"), b"hello".index(b"e"))
print(b"hello".startswith(b"he"), b"hello".endswith(b"lo"), b"k=v".partition(b"="))
print(b"text".decode(), b"\xc3\xa9".decode("utf-8"), b"123".isdigit(), b"abc".isalpha())
print(b"a\nb".splitlines(), b"x".center(5), int(b"12"), b"%d-%s" % (5, b"x"))
