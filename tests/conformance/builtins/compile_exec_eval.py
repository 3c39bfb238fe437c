# compile, exec and eval: modes, namespaces, what they give and what they refuse.
def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__


# Modes.
print(eval(compile("1 + 2", "<x>", "eval")))
print(exec(compile("v = 5", "<x>", "exec")), v)
exec(compile("v", "<x>", "single"))
print(eval(compile("v = 6", "<x>", "exec")), v)
exec(compile("7 * 6", "<x>", "eval"))
for mode in "eval", "exec", "single":
    print(mode, attempt(compile, "x = ", "<x>", mode))
print(attempt(compile, "1", "<x>", "other"), attempt(compile, "x = 1", "<x>", "eval"))
print(attempt(compile, "1", "<x>"), attempt(compile, 1, "<x>", "exec"))
print(type(compile("1", "<x>", "eval", 0)).__name__, type(compile("1", "<x>", "eval", 0, True)).__name__)

# Sources: text, bytes, with blanks around an expression, more than one line.
print(eval("  1 + 1"), eval("\t3 "), eval(b"4"), eval("(1,\n2)"), eval("5\n"))
print(attempt(eval, ""), attempt(eval, "a b"), attempt(eval, "x = 1"), attempt(exec, "  x = 1"))
exec(b"bb = 9")
print(bb)
exec("")
exec("# nothing\n")
exec("if 1:\n  q = 1\nelse:\n  q = 2")
print(q)

# Namespaces.
g = {"a": 1}
exec("b = a + 1", g)
print(g["b"], sorted(k for k in g if k[0] != "_"))
l = {"a": 10}
exec("c = a + b", g, l)
print(l["c"], "c" in g)
print(eval("a * 2", g), eval("a * 2", g, l), eval("a + z", {"a": 1}, {"z": 2}))
exec("def f():\n    return a", g, l)
print(l["f"]())
exec("global n\nn = 3", g, l)
print(g["n"], "n" in l)
print(attempt(eval, "a", {}), attempt(exec, "1", 5), attempt(eval, "1", {}, 5))
n = 100


def scope():
    n = 1
    return eval("n", globals()), eval("n", {"n": 2})


print(scope())

# A class made by exec, a comprehension that sees the names.
space = {}
exec("class A:\n    x = [i for i in range(3)]\n    def m(self):\n        return B\nB = 4", space)
print(space["A"]().x, space["A"]().m())
print(eval("[k * i for i in range(3)]", {"k": 2}), eval("(lambda v: v + k)(1)", {"k": 5}))
code = compile("t = t + 1 if 't' in globals() else 0", "<x>", "exec")
one, two = {}, {}
exec(code, one)
exec(code, two)
exec(code, two)
print(one["t"], two["t"])

# What is raised inside comes out; the line is that of the text.
try:
    exec("x = 1\ny = x / 0\n", {})
except ZeroDivisionError:
    print("ZeroDivisionError")
try:
    compile("x = 1\ny = (\n", "name.py", "exec")
except SyntaxError as e:
    print(e.filename)
print(eval("eval('eval(\"1+1\")')"))
