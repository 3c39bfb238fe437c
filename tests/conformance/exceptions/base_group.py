# BaseExceptionGroup by itself: how it shows, its attributes, that it holds what ExceptionGroup may not.
g = BaseExceptionGroup("two", [KeyboardInterrupt("k"), ValueError("v")])
print(g, str(g), type(g).__name__)
print(g.args[0], len(g.args[1]), g.__cause__, g.__context__, g.__traceback__)
print(g.message, [type(e).__name__ for e in g.exceptions])
try:
    raise g from IndexError("cause")
except BaseExceptionGroup as e:
    print(e is g, type(g.__cause__).__name__, g.__traceback__ is not None, g.__suppress_context__)
g.note = "own"
print(g.note)
g.__cause__ = None
print(g.__cause__)
try:
    g.nothing
except AttributeError:
    print("AttributeError")
print("%s and %s" % (g, BaseExceptionGroup("one", [g])))
try:
    ExceptionGroup("refused", [KeyboardInterrupt()])
except TypeError:
    print("TypeError")
