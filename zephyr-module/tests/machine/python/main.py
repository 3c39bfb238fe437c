# Python's machine over Zephyr's drivers and their emulators. Prints PASSED at its end, or a traceback.
import time

import board
import machine
from machine import ADC, I2C, SPI, UART, WDT, Pin, Timer


def fails(kind, function, *args, **kw):
    try:
        function(*args, **kw)
    except kind as e:
        return e
    raise AssertionError("no " + kind.__name__)


# Pins
out = Pin(("gpio0", 4), Pin.OUT, value=1)
assert board.output(4) == 1 and out.value() == 1
out.value(0)
assert board.output(4) == 0 and out() == 0
out.on()
assert board.output(4) == 1
out.toggle()
assert out.value() == 0
inp = Pin(("gpio0", 5), Pin.IN, Pin.PULL_UP)
assert board.flags(5) & board.PULL_UP
inp.init(pull=Pin.PULL_DOWN)
assert board.flags(5) & (board.PULL_UP | board.PULL_DOWN) == board.PULL_DOWN
inp.init(pull=None)
assert not board.flags(5) & board.PULL_DOWN
board.set_input(5, 1)
assert inp.value() == 1
board.set_input(5, 0)
assert inp.value() == 0
led = Pin("led0", Pin.OUT, value=1)
assert board.output(0) == 1
assert Pin("led0") == led
button = Pin("button", Pin.IN)
board.set_input(3, 1)
assert button.value() == 0
board.set_input(3, 0)
assert button.value() == 1 and Pin("sw0").value() == 1
for wrong in ("nothing", ("gpio0", 99), ("i2c0", 1), ("nothing", 1), 5, (0, 5)):
    fails(ValueError, Pin, wrong)
fails(ValueError, Pin, ("gpio0", 7), Pin.ALT)
fails(ValueError, Pin, ("gpio0", 7), Pin.OPEN_DRAIN)  # the emulator has none
fails(ValueError, Pin, ("gpio0", 7), Pin.OUT, drive=1)

# Interrupts
seen = []
inp.irq(lambda pin: seen.append(pin.value()), Pin.IRQ_RISING)
board.set_input(5, 1)
time.sleep_ms(5)
board.set_input(5, 0)
time.sleep_ms(5)
assert seen == [1], seen
inp.irq(lambda pin: seen.append("both"), Pin.IRQ_RISING | Pin.IRQ_FALLING)
board.set_input(5, 1)
board.set_input(5, 0)
time.sleep_ms(5)
assert seen == [1, "both", "both"], seen
inp.irq(None)
board.set_input(5, 1)
time.sleep_ms(5)
assert len(seen) == 3
# The button is active low: pressing it is its rising edge.
pressed = []
irq = button.irq(lambda pin: pressed.append(1), Pin.IRQ_RISING)
board.set_input(3, 1)
time.sleep_ms(5)
assert pressed == []
board.set_input(3, 0)
time.sleep_ms(5)
assert pressed == [1]
button.irq(None)
# A level that is there is told at once, and once.
levels = []
inp.irq(lambda pin: levels.append(pin.value()), Pin.IRQ_HIGH_LEVEL)
time.sleep_ms(5)
assert levels == [1]
board.set_input(5, 0)
board.set_input(5, 1)
time.sleep_ms(5)
assert levels == [1, 1]
inp.irq(None)
many = [Pin(("gpio0", n), Pin.IN) for n in range(8, 17)]
error = fails(OSError, lambda: [p.irq(print, Pin.IRQ_RISING) for p in many])
assert error.errno == 12
for p in many:
    p.irq(None)

# Timers
ticks = []
start = time.ticks_ms()
t = Timer(-1, period=20, mode=Timer.PERIODIC, callback=lambda t: ticks.append(time.ticks_diff(time.ticks_ms(), start)))
time.sleep_ms(110)
t.deinit()
# The kernel's tick is 10 ms here, and a sleep may last one more.
assert len(ticks) in (5, 6) and all(abs(at - 20 * (i + 1)) <= 10 for i, at in enumerate(ticks)), ticks
count = len(ticks)
time.sleep_ms(50)
assert len(ticks) == count
once = []
t = Timer(0)
t.init(period=10, mode=Timer.ONE_SHOT, callback=once.append)
time.sleep_ms(60)
assert once == [t]
t.deinit()
fails(ValueError, Timer, 100, period=10)

# I2C: the EEPROM's emulator at 0x54, which is for 100 kHz only. It takes the scan's write of nothing for one of its whole
# size, so the scan comes first.
i2c = I2C("i2c0", freq=100000)
assert i2c.scan() == [0x54], i2c.scan()
i2c.writeto_mem(0x54, 8, b"pyrite")
time.sleep_ms(10)
assert i2c.readfrom_mem(0x54, 8, 6) == b"pyrite"
buffer = bytearray(3)
i2c.readfrom_mem_into(0x54, 9, buffer)
assert buffer == b"yri"
assert I2C(0, freq=100000).readfrom_mem(0x54, 8, 2) == b"py"
fails(OSError, i2c.writeto, 0x33, b"\0")
assert fails(OSError, i2c.writeto, 0x54, b"\0", False).errno == 95
i2c.writevto(0x54, (b"\x20", b"of two", b" parts"))
time.sleep_ms(10)
assert i2c.readfrom_mem(0x54, 0x20, 12) == b"of two parts"
for wrong in ("spi0", "nothing", 9):
    fails(ValueError, I2C, wrong)
fails(ValueError, I2C, "i2c0", scl=out, sda=inp)
fails(ValueError, I2C, "i2c0", freq=1000)

# SPI: each byte comes back as its complement
spi = SPI("spi0", baudrate=500000)
answer = bytearray(4)
spi.write_readinto(b"\x00\x0f\xf0\xff", answer)
assert answer == b"\xff\xf0\x0f\x00"
assert spi.read(50) == b"\xff" * 50 and spi.read(3, 0x0F) == b"\xf0" * 3
assert board.spi_hz() == 500000
spi.init(baudrate=250000)
spi.write(b"abc")
assert board.spi_hz() == 250000
fails(ValueError, spi.write_readinto, b"12", bytearray(3))
for wrong in ("i2c0", "nothing", 9):
    fails(ValueError, SPI, wrong)

# ADC: channel 1 is described in the devicetree (10 bits, gain 1/2, 3.3 V), channel 0 is not
described = ADC(("adc0", 1))
board.set_adc(1, 3300)
assert abs(described.read_uv() - 3300000) < 10000, described.read_uv()
assert abs(described.read_u16() - 32768) < 100, described.read_u16()
plain = ADC(("adc0", 0))
board.set_adc(0, 825)
assert abs(plain.read_u16() - 16384) < 20, plain.read_u16()
board.set_adc(0, 3300)
assert plain.read_u16() == 65535
fails(ValueError, ADC, ("adc0", 7))
fails(ValueError, ADC, ("gpio0", 0))
fails(ValueError, ADC, "adc0")

# UART: looped back
uart = UART("euart0", 9600)
assert uart.any() == 0 and uart.read() is None
assert uart.write(b"hello") == 5
time.sleep_ms(20)
assert uart.any() == 5 and uart.read(2) == b"he" and uart.read() == b"llo"
heard = []
uart.irq(lambda u: heard.append(u.any()), UART.IRQ_RX)
uart.write(b"x" * 40)
time.sleep_ms(50)
assert heard and uart.read() == b"x" * 40, heard
uart.irq(None)
fails(ValueError, UART, "nothing")
fails(ValueError, UART, "i2c0")
uart.deinit()
fails((OSError, ValueError), uart.write, b"x")

# The watchdog, and the board
fails(ValueError, WDT, 0, 20000)
dog = WDT(0, 3000)
assert board.dog_ms() == 3000
dog.feed()
dog.feed()
assert board.fed() == 2
assert fails(OSError, WDT, 0, 1000).errno == 16
assert machine.reset_cause() in range(6)
assert machine.freq() > 0
print("machine: PASSED")
