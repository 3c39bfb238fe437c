# What a pattern may not be, at compile time and when it runs.
BAD = """case 1: pass
case x: pass;case 2: pass
case x | 1: pass
case 1 | x: pass
case [a, a]: pass
case [*a, *b]: pass
case {**a, "x": 1}: pass
case {**_}: pass
case {x: 1}: pass
case f(a=1, a=2): pass
case f(a=1, 2): pass
case f(*a): pass
case 1 + 2: pass
case +1: pass
case 1 as _: pass
case 1 as a.b: pass
case a.b as a: pass
case 1 if: pass
case x[0]: pass
case f()(): pass
case f"{1}": pass
case lambda: 1: pass
case not 1: pass
case ...: pass
case (x for x in y): pass
case [x for x in y]: pass
case {1, 2}: pass
case _: pass;case _: pass
case a := 1: pass
case (a | b): pass
case [1, 2] as [a, b]: pass
case -x: pass
case "a" + "b": pass
"""
for line in BAD.split("\n")[1:-1]:
    source = "match v:\n" + "".join("    " + c + "\n" for c in line.split(";"))
    try:
        exec(source, {"v": 1, "f": int})
        print("accepted", line)
    except SyntaxError:
        print("SyntaxError", line)
    except NameError:
        print("accepted", line)
for source in ("match v:\n  pass", "match v:\ncase 1: pass", "match:\n  case 1: pass", "match v:\n  case 1: pass\n  x = 1", "match v: case 1: pass"):
    try:
        exec(source, {"v": 1})
        print("accepted")
    except SyntaxError:
        print("SyntaxError")


class NoTuple:
    __match_args__ = ["a"]


class NoStr:
    __match_args__ = (1,)


class Short:
    __match_args__ = ("a",)
    a = 1


class Twice:
    __match_args__ = ("a", "a")
    a = 1


def attempt(what, subject):
    try:
        exec("match s:\n  case %s: print('match')\n  case _: print('other')" % what, dict(globals(), s=subject))
    except (TypeError, ValueError, ZeroDivisionError, SyntaxError) as e:
        print(type(e).__name__, what)


attempt("NoTuple(1)", NoTuple())
attempt("NoStr(1)", NoStr())
attempt("Short(1, 2)", Short())
attempt("Short(1)", Short())
attempt("Short(1, a=1)", Short())
attempt("Short(b=1)", Short())
attempt("Twice(1, 1)", Twice())
attempt("int(1, 2)", 1)
attempt("print()", 1)
attempt("{'a': 1, 'a': 2}", {"a": 1})


class Eq:
    def __eq__(self, other):
        return 1 / 0



class N:
    K = "a"


attempt("{N.K: 1, 'a': 1}", {"a": 1})
attempt("1", Eq())
attempt("None", Eq())
