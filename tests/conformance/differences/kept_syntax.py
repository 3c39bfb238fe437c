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
