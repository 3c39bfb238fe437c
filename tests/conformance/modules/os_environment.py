# os.getenv, os.putenv, os.unsetenv: the variables of the program's environment
# needs: files
import os
print(os.getenv("NO_SUCH_VARIABLE"), os.getenv("NO_SUCH_VARIABLE", 5))
os.putenv("PYR_TEST", "a value")
print(os.getenv("PYR_TEST"))
os.unsetenv("PYR_TEST")
print(os.getenv("PYR_TEST", "gone"))
os.putenv("PYR_TEST", "")
print(repr(os.getenv("PYR_TEST", "gone")))
for bad in ("a\0b", 1, b"x"):
    try:
        os.getenv(bad)
    except (ValueError, TypeError) as e:
        print(type(e))
try:
    os.putenv("PYR", None)
except TypeError:
    print("TypeError")
try:
    os.putenv("a=b", "1")
except OSError as e:
    print("OSError", e.errno)
