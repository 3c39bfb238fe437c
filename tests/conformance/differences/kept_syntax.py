# Syntax: where MicroPython's way is kept.
# A comprehension's own variable may be assigned.
print([[(j := i) for i in range(2)] for j in range(2)])
# No names of characters.
try:
    exec('"\\N{LATIN SMALL LETTER A}"')
except NotImplementedError:
    print("NotImplementedError")
# Numbers take all letters that follow them.
for text in ("1and 0", "1or 0", "1if 1else 0"):
    try:
        print(eval(text))
    except SyntaxError:
        print("SyntaxError")
# A dict display evaluates a value before its key.
def said(x):
    print("evaluated", x)
    return x


print({said(1): said(2), said(3): said(4)})
# The stop of a loop's range comes before its start.
for i in range(said(5), said(7)):
    print(i)
# Seventy arguments before a star are one too many.
for n in (69, 70):
    try:
        print(len(eval("[].__class__((lambda *a: a)({}, *(1, 2), 3))".format(",".join("0" * n)))))
    except SyntaxError:
        print("SyntaxError")
