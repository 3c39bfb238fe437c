# Continuation, semicolons, comments and odd but legal layout.
total = (
    1
    + 2  # inside parentheses
    + 3
)
other = 1 + \
    2
a = 1; b = 2; print(total, other, a + b)
if a: print("one line")
else: print("never")
for i in range(2): print(i, end=";")
print()
long = ["a",
        "b",

        "c"
        ]
print(long, """triple
quoted""", 'it''s', "joined " "strings " 'here')


def f(): return "short"


class K: z = 1


print(f(), K.z)
if a:
        x = 1
        if b:
                        x = 2
print(x)
