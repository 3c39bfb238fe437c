# Strings are sequences: length, index, slice, join, repeat, compare.
s = "Hello, world"
print(len(s), s[0], s[-1], s[0:5], s[7:], s[:-3], s[3:4])
print(s[5:2] == "", s[100:] == "", s[-100:3], "a" + "b", "ab" * 3, 3 * "-", "x" * 0 == "", "x" * -1 == "")
print("ell" in s, "Ell" in s, "" in s, "z" not in s)
print("a" < "b", "a" < "B", "abc" < "abd", "ab" < "abc", "" < "a", "a" == "a")
for i in (12, -13):
    try:
        s[i]
    except IndexError:
        print("IndexError", i)
try:
    s[0] = "J"
except TypeError:
    print("immutable")
for bad in (lambda: "a" + 1, lambda: "a" < 1, lambda: "a" * "b", lambda: 1 in "1"):
    try:
        bad()
    except TypeError:
        print("TypeError")
