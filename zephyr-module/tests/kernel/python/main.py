# The kernel from Python: threads, devices, options, queues, the bus, the log. Prints PASSED at its end, or a traceback.
import gc
import struct
import time

import zephyr


def fails(kind, function, *args, **kw):
    try:
        function(*args, **kw)
    except kind as e:
        return e
    raise AssertionError("no " + kind.__name__)


def until(done):
    # On several processors others run at the same time, however slow they are.
    while not done():
        time.sleep_ms(5)


# Threads
assert isinstance(zephyr.is_preempt_thread(), bool)
all_threads = zephyr.threads()
names = {t.name: t for t in all_threads}
assert "pyrite" in names and "doubler_thread" in names, list(names)
me = zephyr.Thread()
assert me.name == "pyrite" and me.id == zephyr.current_tid() == names["pyrite"].id
assert me.priority == zephyr.kconfig("PYRITE_PRIORITY")
assert names["doubler_thread"].priority == 5 and names["doubler_thread"].stack >= 2048
assert 0 <= names["doubler_thread"].unused <= names["doubler_thread"].stack
until(lambda: zephyr.Thread(names["doubler_thread"].id).state == "pending")
assert "doubler_thread" in repr(names["doubler_thread"])
fails(ValueError, zephyr.Thread, 1)

# Options
assert zephyr.kconfig("BOARD_TARGET") == zephyr.kconfig("CONFIG_BOARD_TARGET") == zephyr.board
assert zephyr.kconfig("PYRITE_AT_BOOT") is True
assert zephyr.kconfig("NO_SUCH") is None and zephyr.kconfig("NO_SUCH", 5) == 5

# Devices
for name, ready, labels in zephyr.devices():
    assert ready in (True, False) and isinstance(labels, list)
name, ready, labels = [d for d in zephyr.devices() if d[2]][0]
assert zephyr.devices(labels[0])[0][0] == name
assert zephyr.devices("nothing") == []

# Queues: a C thread doubles
orders = zephyr.Message("orders")
answers = zephyr.Message("answers")
assert orders.size == 4 and orders.free == 4 and len(answers) == 0
for n in (1, 7, 50):
    orders.put(struct.pack("<I", n))
    assert answers.get(20000) == struct.pack("<I", 2 * n)
room = bytearray(4)
orders.put(b"\x03\0\0\0", timeout_ms=0)
answers.get_into(room, timeout_ms=20000)
assert room == b"\x06\0\0\0"
start = time.ticks_ms()
fails(OSError, answers.get, 60)
assert time.ticks_diff(time.ticks_ms(), start) >= 59
fails(OSError, answers.get, 0)
assert "4 bytes" in str(fails(ValueError, orders.put, b"abc"))
fails(ValueError, answers.get_into, bytearray(5))
fails(TypeError, answers.get_into, b"1234")
assert "absent" in str(fails(ValueError, zephyr.Message, "absent"))
fails(ValueError, zephyr.Message, "x" * 100)
for i in range(4):
    answers.put(b"abcd", 0)
fails(OSError, answers.put, b"abcd", 0)
assert len(answers) == 4 and answers.free == 0
answers.clear()
assert len(answers) == 0


class NotMade(zephyr.Message):
    def __init__(self):
        pass


fails(ValueError, NotMade().get)
fails(ValueError, len, NotMade())

# The bus
assert sorted(zephyr.Bus.channels()) == ["pairs", "ticks"]
pairs = zephyr.Bus("pairs")
assert pairs.size == 4 and pairs.name == "pairs"
assert struct.unpack("<HH", pairs.read()) == (1, 2)
seen = []
pairs.subscribe(lambda message: seen.append(struct.unpack("<HH", message)))
other = zephyr.Bus("pairs")
more = []
other.subscribe(more.append, room=2)
pairs.publish(struct.pack("<HH", 3, 4))
time.sleep_ms(20)
assert seen == [(3, 4)] and more == [b"\3\0\4\0"], (seen, more)
assert "validator" in str(fails(ValueError, pairs.publish, struct.pack("<HH", 1000, 0)))
assert "4 bytes" in str(fails(ValueError, pairs.publish, b"123"))
fails(ValueError, pairs.subscribe, print)
pairs.unsubscribe()
pairs.unsubscribe()
pairs.publish(struct.pack("<HH", 5, 6))
time.sleep_ms(20)
assert len(seen) == 1 and len(more) == 2
other.unsubscribe()
fails(ValueError, other.subscribe, print, 0)
assert "absent" in str(fails(ValueError, zephyr.Bus, "absent"))


def settle():
    # C's thread does one order after the other: it has done what came before this one.
    orders.put(struct.pack("<I", 1))
    assert answers.get() == struct.pack("<I", 2)


# A burst from a more urgent thread than this: what has room comes in order, the rest is counted. With a processor of its own
# the thread is not the faster one for certain.
ticks = zephyr.Bus("ticks")
got = []


def on_tick(message):
    got.append(struct.unpack("<I", message)[0])
    if len(got) == 3:
        ticks.unsubscribe()


ticks.subscribe(on_tick, room=8)
orders.put(struct.pack("<I", 110))
until(lambda: len(got) == 3)
settle()
assert got == [1, 2, 3], got
assert ticks.lost == 2 or zephyr.kconfig("SMP"), ticks.lost
del got[:]
ticks.subscribe(got.append, 16)
orders.put(struct.pack("<I", 110))
until(lambda: len(got) >= 10)
settle()
assert got == [struct.pack("<I", n) for n in range(1, 11)] and ticks.lost == 0
ticks.unsubscribe()
# A wait serves the bus meanwhile.
ticks.subscribe(lambda message: answers.put(message, 0), 16)
orders.put(struct.pack("<I", 101))
assert answers.get() == b"\1\0\0\0"
ticks.unsubscribe()
# References of ended subscriptions come back.
for i in range(50):
    ticks.subscribe(print)
    ticks.unsubscribe()
    b = zephyr.Bus("ticks")
    b.subscribe(print)
    b.unsubscribe()
# Without memory nothing is half made.
hog = []
try:
    while True:
        hog.append(bytearray(2048))
except MemoryError:
    pass
for i in range(50):
    fails(MemoryError, ticks.subscribe, print, 8192)
hog = None
ticks.subscribe(print)
ticks.unsubscribe()
del b, ticks, pairs, other
gc.collect()

# The log
zephyr.log(20, "one line\nanother")
zephyr.log(30, "x" * 200)
handler = zephyr.LogHandler()
assert handler.level == 0 and handler.formatter is None


class Record:
    name = "unit"
    levelno = 40
    levelname = "ERROR"
    message = "from a handler"


class Formatter:
    def format(self, record):
        return record.levelname + " of " + record.name


handler.emit(Record)
handler.setFormatter(Formatter())
handler.emit(Record)
handler.setLevel(50)
handler.emit(Record)
handler.close()
fails(AttributeError, zephyr.LogHandler(10).emit, 5)
print("kernel: PASSED")
