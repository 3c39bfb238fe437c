# strip, lstrip and rstrip, of white space or given characters.
s = "  \tspaces\n "
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()))
print("xxhixx".strip("x"), "xyhiyx".lstrip("xy"), "www.example.com".strip("cmowz."))
print("".strip() == "", "   ".strip() == "", "xx".strip("x") == "", "abc".strip("z"))
print("  a b  ".strip(), "--a-b--".strip("-"), "ééaé".strip("é"))
same = "untouched"
print(same.strip() == same)
try:
    "a".strip(1)
except TypeError:
    print("TypeError")
