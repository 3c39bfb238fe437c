# Signal: a pin, upside down or not.
from machine import Pin, Signal

s = Signal(Pin(2, Pin.OUT), invert=True)
s.on(); print(Pin(3)(), s.value(), end=' ')
s.off(); print(Pin(3)(), s(), end=' ')
s(1); print(Pin(3)(), s(), end=' ')
s.value(0); print(Pin(3)(), s())
t = Signal(2, Pin.OUT, value=0)
t.on(); print(Pin(3)(), t.value(), Signal('led', Pin.OUT, invert=False).off())

class Other:
    level = 0
    def value(self, *x):
        if x:
            self.level = x[0]
        return self.level
o = Other()
u = Signal(o, invert=1)
u.off(); print(o.level, u.value())
for f in (lambda: Signal(), lambda: Signal(99), lambda: s(1, 2), lambda: Signal(2, nothing=1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
