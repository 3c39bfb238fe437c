# Classes and functions: where MicroPython's way is kept.
import sys


# Names with two underscores are not mangled: they are found from outside, and modules find their own.
class Private:
    def __init__(self):
        self.__hidden = 1

    def get(self):
        return self.__hidden


print(Private().get(), Private().__hidden)


# An exception cannot be raised before the built-in __init__ was called.
class Early(Exception):
    def __init__(self):
        raise self


try:
    Early()
except Exception as e:
    print(type(e).__name__)

# Arguments of methods are counted with self.
try:
    [].append()
except TypeError as e:
    print(e)


# Functions have no attributes of their own.
def f():
    pass


try:
    f.x = 0
except AttributeError:
    print("AttributeError")

# A star after a keyword argument is refused.
try:
    exec("print(*(1,), sep='')\nprint(sep='', *(1,))")
except SyntaxError:
    print("SyntaxError")


# A generator that is dropped does not run its `finally`.
def lines():
    try:
        yield 1
    finally:
        print("never")


g = lines()
next(g)
g = None
import gc

gc.collect()


# Locals of functions have places, not names.
def local():
    value = 2
    return "value" in locals(), eval("value")


value = 1
print(local())

# Every exception has a `value`: its first argument.
print(Exception(1).value, KeyError("k").value, Exception().value)
# What an OSError is, its number says.
import errno

for n in (errno.ENOENT, errno.EACCES, errno.EEXIST):
    print(type(OSError(n, "")).__name__, OSError(n).errno == n)


# `__float__` is asked by operators too.
class Half:
    def __float__(self):
        return 0.5


print(2.0 * Half())
