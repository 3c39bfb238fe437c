# A SyntaxError tells file, line, column and text of the place where reading stopped.

sources = [
    "x = = 1",
    "a b",
    "y = 1\nx = ) + 2\n",
    "s = 'abc",
    "if x\n    pass\n",
    'x = f"{1}" + * 2',
    "def f():\n    return 1 +\n",
    "class A(:\n    pass",
    "for i in range(3) print(i)",
    "é = 'ü' + * 2\n",
    "x = 5 5\r\ny = 1\r\n",
    "a = 1\r\n\r\nb = ]\r\n",
    "x = 1 # a comment\ny = (2;)\n",
]
for source in sources:
    try:
        compile(source, "name.py", "exec")
        print("compiles", repr(source))
    except SyntaxError as e:
        text = e.text
        if text is not None:
            text = text.rstrip("\r\n")
        print(e.filename, e.lineno, e.offset, repr(text))

for source in ["1 = 2", "x = 1\nbreak\n", "def f():\n    nonlocal a\n", "return 1"]:
    try:
        compile(source, "name.py", "exec")
    except SyntaxError as e:
        print(e.filename, e.lineno, type(e.offset), e.msg == e.args[0])

# Too long a line is cut.
try:
    compile("x = " + "1 + " * 100 + "* 2", "name.py", "exec")
except SyntaxError as e:
    print(e.lineno, len(e.text) < 510, e.offset)
