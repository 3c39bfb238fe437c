# compile makes code that runs many times.
square = compile("n * n", "<formula>", "eval")
print([eval(square, {"n": n}) for n in range(5)])
block = compile("total = a + b\nprint('sum', total)", "<block>", "exec")
for a, b in ((1, 2), ("x", "y")):
    space = {"a": a, "b": b}
    exec(block, space)
    print(space["total"])
single = compile("3 + 4", "<line>", "single")
exec(compile("if 1:\n    print('nested')\n", "f", "exec"))
for source, mode in (("1 +", "eval"), ("a = 1", "eval"), ("x", "strange")):
    try:
        compile(source, "s", mode)
    except (SyntaxError, ValueError) as e:
        print(type(e).__name__)
