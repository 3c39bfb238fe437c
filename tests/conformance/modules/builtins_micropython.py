# Names that only MicroPython has: execfile, and the exception of native code.
# needs: files
with open("builtins_micropython.tmp", "w") as f:
    f.write("x = 3\nprint('from the file', __name__)\n")
execfile("builtins_micropython.tmp")
print(x)
own = {"__name__": "own"}
execfile("builtins_micropython.tmp", own)
print(own["x"])
import os

os.remove("builtins_micropython.tmp")
try:
    execfile("builtins_micropython.tmp")
except OSError as e:
    print(e.errno)
print(ViperTypeError, issubclass(ViperTypeError, TypeError))
