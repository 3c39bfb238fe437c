# Data: where MicroPython's way is kept.
import errno, struct
from array import array

# What does not fit an item is cut to its size.
print(array("b", [257, -129]))
# Values that are missing are zeros.
print(struct.pack("bb", 1))
# The name of error 95.
print(errno.errorcode[errno.EOPNOTSUPP])
# Text is UTF-8 or ASCII.
for name in ("latin-1", "cp1252", "utf-16"):
    try:
        b"a".decode(name)
    except LookupError:
        print("LookupError", name)
# A byte array grows although a view looks at it; the view keeps what it saw.
room = bytearray(b"abcdefg")
view = memoryview(room)
room.extend(b"hijklmnop" * 20)
print(bytes(view), len(room))
# Bounds of a range are machine words.
for bounds in ((2**63, 2**63 + 1), (-(2**64), 0)):
    try:
        print(range(*bounds))
    except (TypeError, OverflowError):
        print("refused")
# % gives numbers beyond 10**32 an exponent, format does not.
print("%.2f" % 8.888e32, "{:.1f}".format(-(2.0**110)))
# Bytes are dumped as text.
import json

print(json.dumps(b"bytes"))
# Arrays compare where both hold integers of one layout.
for first, second in (("b", "b"), ("l", "L"), ("b", "h"), ("f", "f"), ("d", "i")):
    try:
        print(array(first, [1, 2]) == array(second, [1, 2]), array(first, [1, 2]) < array(second, [1, 3]))
    except NotImplementedError as e:
        print("NotImplementedError", e)
