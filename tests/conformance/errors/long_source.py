# Sources with many lines, long lines, deep nesting and many names.
exec("\n".join("v%d = %d" % (i, i) for i in range(300)) + "\nprint(v0 + v299)")
print(eval("+".join(["1"] * 400)))
print(eval("(" * 30 + "7" + ")" * 30), eval("[" * 20 + "]" * 20))
source = ""
for depth in range(15):
    source += "  " * depth + "if True:\n"
source += "  " * 15 + "print('at the bottom')\n"
exec(source)
exec("x = '" + "long " * 400 + "'\nprint(len(x))")
print(len(eval("[" + ",".join(str(i) for i in range(500)) + "]")))
exec("def f(" + ",".join("a%d" % i for i in range(60)) + "):\n return a0 + a59\nprint(f(*range(60)))")
