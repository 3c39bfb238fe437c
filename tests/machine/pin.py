# Pin: names, modes, values, and what is refused.
from machine import Pin

def refused(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)

out = Pin(2, Pin.OUT)
into = Pin(3, mode=Pin.IN, pull=None)
print(out, into, Pin('led'), Pin(('port', 3)), Pin((1, 4)))
print(out == Pin(2), out == into, out != Pin(2), hash(out) == hash(Pin(2)), out == 2)
for level in (1, 0, True, False, 'x', ''):
    out.value(level)
    print(out.value(), into(), end=' ')
print()
out.on(); print(into.value(), end=' ')
out.off(); print(into.value(), end=' ')
out.high(); print(into.value(), end=' ')
out.low(); print(into.value(), end=' ')
out.toggle(); print(into.value(), end=' ')
out(0); print(into())
print(Pin(4, Pin.OUT, value=1)(), Pin(5)())
out.init(Pin.OUT, value=1)
print(into(), Pin(3, pull=Pin.PULL_UP)(), Pin(3, pull=Pin.PULL_DOWN)())
out.init()
print(Pin(out) is out, Pin(out, value=0) is out, into())
print(Pin.IN, Pin.OUT, Pin.OPEN_DRAIN, Pin.ALT, Pin.ALT_OPEN_DRAIN, Pin.ANALOG)
print(Pin.PULL_UP, Pin.PULL_DOWN, Pin.DRIVE_0, Pin.DRIVE_1, Pin.DRIVE_2)
Pin(6, Pin.ALT, alt=3, drive=Pin.DRIVE_2)

for bad in (-1, 32, 'nothing', ('port', 16), ('port', -1), (2, 0), (1, 2, 3), (), None, 1.5, 'x' * 48, 'a\0b', 1 << 40, [1]):
    refused(Pin, bad)
refused(Pin)
refused(Pin, 2, 6)
refused(Pin, 2, Pin.OUT, 4)
refused(Pin, 2, Pin.OUT, alt=9)
refused(Pin, 2, Pin.OUT, Pin.PULL_UP, 1)
refused(Pin, 2, colour=1)
refused(Pin, 31, Pin.OUT)
refused(Pin(31).value)
refused(out, 1, 2)
refused(out.value, 1, 2)
refused(out.value, level=1)
Pin(('fail', 5)); refused(out.value)
Pin(('fail', 16)); refused(out.value, 1)
Pin(('fail', 16)); refused(out.toggle)
Pin(('fail later', 16)); refused(out.toggle)
Pin(('fail', 12)); refused(Pin, 2)
Pin(('fail', 16)); refused(out.init, Pin.IN)

class Led(Pin):
    def blink(self):
        self.on()
        self.off()
        return self.value()
led = Led('led', Pin.OUT)
print(led.blink(), led == Pin(0), isinstance(led, Pin))

from machine import time_pulse_us
print(time_pulse_us(into, 1, 100), time_pulse_us(into, 0, 100))
refused(time_pulse_us, 3, 1)
refused(time_pulse_us, into, 1, -1)
Pin(('fail', 5)); refused(time_pulse_us, into, 1)
