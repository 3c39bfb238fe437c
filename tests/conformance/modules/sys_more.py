# sys: what is asked less often.
import sys

print(type(sys.executable) is str, sys.intern("a name") == "a name", sys.getsizeof([]) > 0)
print(sys.exc_info() == (None, None, None))
try:
    raise ValueError("now")
except ValueError as e:
    kind, value, trace = sys.exc_info()
    print(kind is ValueError, value is e)
print(sys.getsizeof([1] * 100) > sys.getsizeof([]))
