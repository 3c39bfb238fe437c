# `os.uname()` is a tuple whose items have names.
import os

u = os.uname()
print(len(u), [type(part) is str and part != "" for part in u])
print(u[0] == u.sysname, u[1] == u.nodename, u[4] == u.machine, ("%s " * len(u)) % tuple(u) == "".join(p + " " for p in u))
print("release=" in str(u), "version=" in str(u))
try:
    u.sysname = 1
except (AttributeError, TypeError):
    print("read-only")
