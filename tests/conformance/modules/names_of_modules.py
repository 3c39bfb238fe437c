# Each module tells its name; that of the built-in functions too, and whether asserts are on.
import builtins

print(builtins.__name__, getattr(builtins, "__debug__"), __debug__)
for name in "math cmath sys os io re json time array struct binascii hashlib heapq random errno gc select".split():
    m = __import__(name)
    if m.__name__ != name:
        print(name, m.__name__)
    if m.__dict__["__name__"] != name:
        print(name, m.__dict__["__name__"])

# Where globals have no name of their own, a class body finds that of the built-in functions.
space = {}
exec("class A:\n    name = __module__\nprint(A.name, A.__module__, __name__)", space)
