# Every exception is caught by its bases.
pairs = (
    (ZeroDivisionError, ArithmeticError),
    (OverflowError, ArithmeticError),
    (KeyError, LookupError),
    (IndexError, LookupError),
    (NotImplementedError, RuntimeError),
    (UnicodeError, ValueError),
    (IndentationError, SyntaxError),
    (ArithmeticError, Exception),
    (StopIteration, Exception),
    (OSError, Exception),
    (MemoryError, Exception),
    (SystemExit, BaseException),
    (KeyboardInterrupt, BaseException),
    (GeneratorExit, BaseException),
)
for derived, base in pairs:
    try:
        raise derived("x")
    except base as e:
        print(derived.__name__, "is a", base.__name__, type(e) is derived)
print(issubclass(SystemExit, Exception), issubclass(KeyboardInterrupt, Exception))
