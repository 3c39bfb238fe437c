# re: what matches, with groups, and where; searching; greedy and reluctant; sets; anchors; places.
import re


def show(m):
    if m is None:
        print(None)
        return
    print(m.group(0), m.groups(), m.span(), [(m.start(i), m.end(i)) for i in range(len(m.groups()) + 1)])


cases = [
    ("abc", "abcd"), ("a.c", "axc"), ("a.c", "ac"), ("", "x"), ("a*", "aaab"), ("a*?", "aaab"), ("a+", "aaab"),
    ("a+?", "aaab"), ("a?b", "ab"), ("a?b", "b"), ("a??b", "ab"), ("(a|b)*c", "ababc"), ("(a|ab)(c|bcd)", "abcd"),
    ("(a+)(b+)?", "aac"), ("(?:ab)+", "ababa"), ("(?:a|(b))+", "ab"), ("x|y|z", "z"), ("abc|abd|ab", "abd"),
    ("a|ab", "ab"), ("(|a)b", "ab"), ("(a|)b", "b"), ("[abc]+", "cabd"), ("[^abc]+", "xyza"), ("[a-c0-3]+", "a3b0d"),
    ("[]a]+", "]a]b"), ("[^]a]+", "xy]"), (r"[\]a]+", "]a"), (r"[a\-z]+", "a-z"), ("[a-]+", "a-b"), ("[-a]+", "-ab"),
    (r"\d+", "123a"), (r"\D+", "abc1"), (r"\w+", "ab_1-"), (r"\W+", "-+a"), (r"\s+", " \t\nx"), (r"\S+", "ab c"),
    (r"[\d\s]+", "1 2a"), (r"[^\d]+", "ab1"), (r"\.\*\\", ".*\\"), (r"a\nb", "a\nb"), (r"\t", "\t"),
    ("^a", "ab"), ("a$", "a"), ("^$", ""), ("^a|b$", "b"), ("(a?)*?b", "aab"),
    ("(x*)(y*)(z*)", "xxz"), ("((a)(b)?)+", "aab"), ("(a(b(c(d)))?)", "abcd"), ("a.*b.*c", "a1b2c3"),
    ("(?:a|b)(?:c|d)", "bd"), ("[a-z][a-z0-9_]*", "name_1 = 2"),
]
for pattern, text in cases:
    show(re.match(pattern, text))
    show(re.search(pattern, "--" + text + "--"))

p = re.compile("b+")
for args in ((), (1,), (3,), (9,), (0, 1), (0, 2), (2, 2), (3, 1)):
    show(p.search("abbbab", *args))
    show(p.match("abbbab", *args))

# Bytes.
show(re.match(b"(a)(.)", b"a\xff"))
show(re.search(b"[\x80-\xff]+", b"abc\x80\x90z"))
print(type(re.match(b".", bytearray(b"x")).group(0)).__name__)

m = re.match("(a)(b)?(c)", "ac")
print(m.group(), m.group(0), m.group(1), m.group(2), m.group(1, 3), m.groups(), m.groups("none"), m.start(2), m.span(2))
for i in (4, -1, 100):
    try:
        m.group(i)
    except IndexError:
        print("IndexError")
