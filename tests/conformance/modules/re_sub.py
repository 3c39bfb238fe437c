# re.sub: templates, functions, counts, empty matches; split.
import re

print(re.sub("a", "b", "banana"), re.sub("a", "b", "banana", count=2) if False else re.compile("a").sub("b", "banana", 2))
print(re.sub("(a)(n)", r"\2\1", "banana"), re.sub("(a)(x)?", r"[\1\2]", "aax"), re.sub("(n)", r"<\g<1>\g<0>>", "banana"))
print(re.sub("a", lambda m: str(m.start()), "banana"), re.sub("b", r"\\", "abc"), re.sub("b", r"\n", "abc"))
print(re.sub("x*", "-", "abxd"), re.sub("x*", "-", ""), re.sub("a*", "-", "baac"), re.sub("^", ">", "ab"), re.sub("$", "<", "ab"))
print(re.sub("(a|b)*?", "-", "ab"), re.sub("b|", "-", "abc"))
print(re.sub(b"a", b"b", b"aa"), re.sub("[aeiou]", "", "education"))
print(re.compile("[ ,]+").split("a, b ,c d"), re.compile(",").split("a,b,c,d", 2), re.compile("x").split("abc"), re.compile(",").split(","))
for template in (r"\2", r"\g<9>", r"\g<", r"\g<x>"):
    try:
        print(re.sub("(a)", template, "a"))
    except Exception:
        print("error")
for pattern in ("(", ")", "*", "+a", "?", "a**", "[", "[a", "[]", "[a-", "[z-a]", "\\", "(?", "(?P", "a|*", "(*)", "[\\"):
    try:
        re.compile(pattern)
        print("compiled", pattern)
    except Exception:
        print("error")
for bad in (1, None):
    try:
        re.match("a", bad)
    except TypeError:
        print("TypeError")
    try:
        re.match(bad, "a")
    except TypeError:
        print("TypeError")


def boom(m):
    raise ValueError("from the function")


try:
    re.sub("a", boom, "a")
except ValueError as e:
    print(e)
