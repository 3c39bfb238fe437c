# Every built-in exception with its bases, and what str and repr make of it.
names = """ArithmeticError AssertionError AttributeError BaseException BufferError EOFError Exception GeneratorExit
ImportError IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError NotImplementedError
OSError OverflowError RecursionError RuntimeError StopAsyncIteration StopIteration SyntaxError SystemExit TimeoutError
TypeError UnboundLocalError UnicodeError ValueError ZeroDivisionError""".split()
table = {"BufferError": BufferError, "EOFError": EOFError, "RecursionError": RecursionError}
table.update({"TimeoutError": TimeoutError, "UnboundLocalError": UnboundLocalError})
for name in names:
    made = eval(name)
    assert table.get(name, made) is made
    base = made.__bases__[0].__name__
    print(name, base, issubclass(made, Exception), repr(made()), issubclass(made, SyntaxError) or str(made()) == "")
    if name != "UnicodeError":
        print(made("why").args, issubclass(made, SyntaxError) or made(1, 2).args)
    try:
        raise made("on its way")
    except BaseException as e:
        print(type(e) is made, e.args)
try:
    eval("no_such_name")
except NameError as e:
    print(type(e).__name__)


def unbound():
    x += 1


try:
    unbound()
except UnboundLocalError as e:
    print(isinstance(e, NameError))
except NameError as e:
    print(True)
