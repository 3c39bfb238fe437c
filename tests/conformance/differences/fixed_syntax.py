# Syntax: what MicroPython accepts and CPython does not, and neither do we.
for text in ("1__1", "1_", "0x_", "1_.5", "1_j"):
    try:
        print(eval(text))
    except SyntaxError:
        print("SyntaxError")
print(1_000, 0x_ff, 1_0.2_5)
for target in ("print('x')", "[a, b]", "a, b", "1"):
    try:
        exec("def f():\n    %s: int" % target)
        print("fine")
    except SyntaxError:
        print("SyntaxError")
