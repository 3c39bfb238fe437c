# The modules that only MicroPython has: their names, and functions that show something or wait.
import machine
import micropython
import re
import sys

for name in "machine micropython uctypes vfs deflate cryptolib asyncio collections platform weakref".split():
    m = __import__(name)
    if m.__name__ != name:
        print(name, m.__name__)
print(re.DEBUG, machine.idle())
print(type(sys.stdin).__name__, sys.stdin)
print(type(sys.stderr).__name__)
print(type(sys.stdin) is type(sys.stdout), sys.stdin is sys.stdin)
