# sys: what MicroPython has beside CPython: prompts, the limit of tracebacks, atexit.
# needs: a command line
# not with oom: what runs at the end comes after the next program
import sys

print(repr(sys.ps1), repr(sys.ps2))
sys.ps1 = "? "
sys.ps2 = ". "
print(sys.ps1 + sys.ps2)
print(sys.tracebacklimit)
sys.tracebacklimit = 0
print(sys.tracebacklimit)


def last():
    print("at the end")


print(sys.atexit(last))
print(sys.atexit(None) is last, sys.atexit(last))
print("the program's own end")
