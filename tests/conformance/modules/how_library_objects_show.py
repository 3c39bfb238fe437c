# What repr says of the objects of modules, and the little methods that only answer.
import io, re, weakref, struct
from array import array
from collections import OrderedDict, deque
from micropython import RingIO
from string.templatelib import Template, Interpolation


class A:
    pass


def head(v):
    return repr(v).split("0x")[0]


print(OrderedDict([("b", 1), ("a", 2)]), OrderedDict(a=1) == OrderedDict(a=1), OrderedDict(a=1) == {"a": 1}, OrderedDict(a=1) != {})
print("a" in OrderedDict(a=1), "b" in OrderedDict(a=1), deque([1, 2], 3), deque((), 2), deque([1], 2) == deque([1], 2))
for f in (io.StringIO("abc"), io.BytesIO(b"abc")):
    print(head(f), f.flush(), f.read(1))
ring = RingIO(8)
print(head(ring), ring.write(b"ab"), ring.close())
print(head(re.compile("a+")), head(re.match("a+", "aab")))
a = A()
r, done = weakref.ref(a), weakref.finalize(a, print, "finalized")
print(head(r), r() is a, done.detach()[1:] == (print, ("finalized",), {}), done.alive, done.detach())
del a
print(bytes(memoryview(array("B", [1, 2, 3]))), struct.unpack("BBB", array("B", [4, 5, 6])), bytes(array("h", [1])) == b"\x01\x00")
t = t"x={1 + 1!r:>3}"
print(t.strings, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations])
print(head(t), head(t.interpolations[0]))
