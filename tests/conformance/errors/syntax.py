# Programs that are not Python are refused before anything runs.
programs = (
    "x = ",
    "def f(:\n pass",
    "if True\n pass",
    "for in x:\n pass",
    "print('unclosed",
    "a b",
    "1 = x",
    "f() = 1",
    "return 5",
    "break",
    "continue",
    "class C(:\n pass",
    "def f(a, a):\n pass",
    "def f(*a, *b):\n pass",
    "x = (1, 2",
    "x = [1, 2)",
    "del 5",
    "import",
    "from x import",
    "lambda x",
    "try:\n pass\nx = 1",
    "else:\n pass",
    "yield",
    "nonlocal x",
    "@\ndef f(): pass",
    "x = 5 5",
    "'''never closed",
    "$",
    "x = 08",
    "def f():\n global x\n nonlocal x",
)
for p in programs:
    try:
        exec("print('ran')\n" + p)
        print("accepted", repr(p))
    except SyntaxError:
        print("SyntaxError", repr(p))
