# What machine does with the board as a whole.
import machine

def refused(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except BaseException as e:
        print(type(e).__name__, e)

print(machine.reset_cause() == machine.WDT_RESET, machine.unique_id(), machine.freq())
print(machine.PWRON_RESET, machine.HARD_RESET, machine.WDT_RESET, machine.DEEPSLEEP_RESET, machine.SOFT_RESET)
print(machine.freq(48000000), machine.freq(), machine.idle(), machine.lightsleep(5), machine.lightsleep(0))
refused(machine.freq, 200000000)
refused(machine.freq, 0)
refused(machine.freq, 1, 2)
refused(machine.lightsleep, -1)
machine.Pin(('fail', 16)); refused(machine.lightsleep, 1)
machine.Pin(('fail', 16)); refused(machine.deepsleep, 1)
machine.Pin(('fail', 5)); refused(machine.unique_id)
machine.Pin(('fail', 5)); refused(machine.freq, 5)
# This board comes back from where none does.
refused(machine.reset)
refused(machine.bootloader)
refused(machine.deepsleep)
refused(machine.soft_reset)

# disable_irq holds handlers back, not their events.
from machine import Timer, disable_irq, enable_irq
import time
calls = []
t = Timer(-1, period=2, callback=calls.append)
state = disable_irq()
inner = disable_irq()
time.sleep_ms(9)
print(len(calls))
enable_irq(inner)
time.sleep_ms(1)
print(len(calls))
enable_irq(state)
time.sleep_ms(0)
print(len(calls) >= 4)
t.deinit()
