# eval gives a value, exec runs statements; both take dictionaries of names.
print(eval("1 + 2 * 3"), eval("'a' + 'b'"), eval("[x * x for x in range(4)]"), eval("(lambda a: a + 1)(2)"))
x = 10
print(eval("x + 1"), eval("x + y", {"x": 1, "y": 2}), eval("x", {"x": 1}, {"x": "local wins"}))
exec("x = 20\nz = x * 2")
print(x, z)
space = {"n": 3}
exec("def f(k):\n    return n * k\nresult = f(5)", space)
print(space["result"], space["f"](2), "result" in globals())
exec("for i in range(3):\n  total = i")
print(i, total)
for bad in ("1 +", "x =", "if", "for"):
    try:
        eval(bad)
    except SyntaxError:
        print("SyntaxError", bad)
try:
    exec("raise ValueError('inside')")
except ValueError as e:
    print(e)
try:
    eval("undefined_name")
except NameError:
    print("NameError")
