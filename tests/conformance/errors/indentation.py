# Wrong indentation is a SyntaxError (its subclass IndentationError, mostly).
programs = (
    "if 1:\nprint('x')",
    "  x = 1",
    "def f():\n    a = 1\n  b = 2",
    "for i in range(2):\n    pass\n      pass",
    "class C:\nx = 1",
)
for p in programs:
    try:
        exec(p)
        print("accepted")
    except SyntaxError:
        print("SyntaxError")
exec("if 1:\n\tx = 'tabs'\n\tif x:\n\t\tprint(x)")
exec("if 1:\n    # only a comment first\n\n    print('blank lines and comments')\n# end")
