# Pins and timers of a board, from outside to a Python function and back. The other side (xtask, firmware) sets the pins A3 and
# E0 over QEMU's qtest when it has read one of the lines that it waits for.
import machine, time
from machine import Pin, Timer, disable_irq, enable_irq, idle, reset_cause

if reset_cause() == machine.SOFT_RESET:
    print('reset by the program')
    raise SystemExit

button, other = Pin(('A', 3), Pin.IN), Pin(32, Pin.IN)
presses = []
def note(pin):
    presses.append(pin)
    print(pin, pin.value(), irq.flags() == Pin.IRQ_RISING)
irq = button.irq(note)
other.irq(lambda pin: print('other', pin == other, pin()), Pin.IRQ_FALLING)

# A sleeping program is woken for it.
print('asleep')
while len(presses) < 2:
    time.sleep_ms(1000)

# A busy one is interrupted between two of its steps.
print('busy')
n = 0
while len(presses) < 4:
    n += 1
print(n > 0)

# Held back, not lost.
state = disable_irq()
print('held')
while button.value() == 0:
    time.sleep_ms(5)
print(len(presses))
enable_irq(state)
idle()
print(len(presses))

# Nobody is called any more.
button.irq(None)
print('deaf')
while button.value() == 1:
    time.sleep_ms(5)
idle()
print(len(presses))

# The RTOS's timers.
def calls_in(ms, **how):
    calls = []
    t = Timer(-1, callback=calls.append, **how)
    begun = time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), begun) < ms:
        time.sleep_ms(2)
    took = time.ticks_diff(time.ticks_ms(), begun)
    t.deinit()
    n = len(calls)
    time.sleep_ms(20)
    return n, took, len(calls) - n
n, took, late = calls_in(100, period=10)
print(abs(n - took // 10) <= 1, late)
n, took, late = calls_in(50, freq=1000)
print(abs(n - took) <= 2, late)
print(calls_in(60, mode=Timer.ONE_SHOT, period=20)[0])
running = [Timer(-1, period=1000, callback=print) for i in range(8)]
try:
    Timer(-1, period=1000, callback=print)
except OSError as e:
    print(e)
for t in running:
    t.deinit()
for f in (lambda: Timer(0), lambda: Pin(40), lambda: Pin(('F', 1)), lambda: button.irq(note, Pin.IRQ_LOW_LEVEL)):
    try:
        print(f())
    except ValueError as e:
        print(e)
print('done')
machine.reset()
