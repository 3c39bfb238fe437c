# Pin.irq: from an edge to the handler, and what is refused.
from machine import Pin, idle
import micropython, time

def refused(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)

out, into = Pin(2, Pin.OUT), Pin(3, Pin.IN)
def set(pin, *levels):
    for level in levels:
        pin(level)
        idle()
seen = []
def note(pin):
    seen.append((pin is into, pin.value(), irq.flags()))

irq = into.irq(note)
set(out, 1, 0)
print(seen, irq.trigger() == Pin.IRQ_RISING | Pin.IRQ_FALLING)
print(into.irq() is irq, Pin(3).irq() is irq, type(irq).__name__)

# One edge alone; by name.
seen.clear()
irq = into.irq(handler=note, trigger=Pin.IRQ_RISING, priority=1, wake=None, hard=False)
set(out, 1, 0, 1)
print(len(seen))
print(irq.trigger(Pin.IRQ_FALLING), irq.trigger())
set(out, 0, 1)
print(len(seen))
irq()
print(len(seen))

# Levels are told when they come about.
seen.clear()
into.irq(note, Pin.IRQ_LOW_LEVEL)
set(out, 0, 0, 1)
print(seen)
seen.clear()
into.irq(note, Pin.IRQ_HIGH_LEVEL)
set(out, 0, 1, 1)
print(seen)

# No handler, or no trigger, is an end; the object stays.
into.irq(None)
set(out, 0, 1)
into.irq(note, 0)
set(out, 0, 1)
print(len(seen), irq.trigger(), irq())

# Handlers of two pins; any callable.
other = Pin(5)
class Count:
    n = 0
    def __call__(self, pin):
        self.n += 1
count = Count()
into.irq(note, Pin.IRQ_RISING), other.irq(count, Pin.IRQ_RISING)
set(Pin(4, Pin.OUT), 1); set(out, 0, 1)
print(len(seen), count.n)
into.irq(None)

# What a handler raises is printed, and the next event comes.
def broken(pin):
    count.n += 1
    raise ValueError('in the handler')
other.irq(broken, Pin.IRQ_RISING)
set(Pin(4), 0, 1, 0, 1)
print(count.n)

# A handler that changes its own irq; one that sleeps, which the next event does not interrupt.
def once(pin):
    pin.irq(None)
    count.n += 1
other.irq(once, Pin.IRQ_RISING)
set(Pin(4), 0, 1, 0, 1)
print(count.n)
order = []
def slow(pin):
    order.append('begin')
    time.sleep_ms(1)
    if len(order) < 4:
        Pin(4).off(); Pin(4).on()
        time.sleep_ms(1)
    order.append('end')
other.irq(slow, Pin.IRQ_RISING)
set(Pin(4), 0, 1)
print(order)
other.irq(None)

# An interrupt of the program reaches it through a handler.
other.irq(lambda pin: micropython.kbd_intr(None))
try:
    Pin(4).toggle()
    time.sleep_ms(5)
    print('no interrupt')
except KeyboardInterrupt:
    print('KeyboardInterrupt')
other.irq(None)

refused(into.irq, 3)
refused(into.irq, note, 16)
refused(into.irq, note, -1)
refused(into.irq, note, hard=True)
refused(into.irq, note, priority=2)
refused(into.irq, note, wake=1)
refused(irq.trigger, 256)
refused(irq, 1)
refused(Pin(30).irq, note)
Pin(('fail', 16)); refused(into.irq, note)
refused(into.irq(note).trigger, Pin.IRQ_RISING)
Pin(('fail', 5)); refused(into.irq, note, Pin.IRQ_FALLING)
seen.clear()
set(out, 0, 1)
print(len(seen))
