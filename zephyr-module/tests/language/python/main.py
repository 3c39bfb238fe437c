# A little of everything, from frozen modules: prints PASSED at its end, or a traceback.
import gc
import json
import sys
import time

import zephyr
from shapes import Shape, squares

assert len(Shape(1, 2, 3)) == 3
assert list(squares(5)) == [0, 1, 4, 9, 16]
assert 2**100 == 1267650600228229401496703205376
assert "{:>5}|{!r}".format(42, "x") == "   42|'x'"
assert json.loads(json.dumps({"a": [1, 2.5, None]})) == {"a": [1, 2.5, None]}
try:
    Shape()[0]
except TypeError:
    pass
else:
    raise AssertionError("a shape has no items")

start = time.ticks_ms()
time.sleep_ms(50)
took = time.ticks_diff(time.ticks_ms(), start)
assert took >= 49, took
for i in range(200):
    bytearray(1000)
gc.collect()

names = [t.name for t in zephyr.threads()]
assert "pyrite" in names, names
assert zephyr.current_tid() in [t.id for t in zephyr.threads()]
assert all(ready in (True, False) for name, ready, labels in zephyr.devices())
assert zephyr.version >= 0x030700
print("language: PASSED on", zephyr.board)
