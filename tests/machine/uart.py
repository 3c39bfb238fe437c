# UART: what is written comes back, 16 bytes at most at a time.
from machine import UART, Pin, Timer
import select, time

def refused(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)

u = UART(1, 9600, bits=8, parity=None, stop=1, tx=Pin(4), rx=5)
print(u, UART(1) is u, u.any(), u.read(), u.read(5), u.readline(), u.readinto(bytearray(3)))
print(u.write('hello'), u.any(), u.read(2), u.read(), u.txdone(), u.flush())
print(u.write(b'one\ntwo\n3'), u.readline(), u.readline(), u.readline(), u.readline())
print(u.write(bytearray(b'abcdef')), u.read(0), u.readline(3), u.readline())
buf = bytearray(4)
u.write('123456')
print(u.readinto(buf), buf, u.readinto(buf, 1), buf, u.readinto(memoryview(buf)[2:]), buf)
print(u.write(b''), u.write('x' * 40), u.any(), u.write('y'), u.read(100))
print('text', 5, file=u)
print(u.read())
u.write('a\nb')
print(list(u))

# Waiting for bytes that come later.
u.init(timeout=50)
Timer(mode=Timer.ONE_SHOT, period=20, callback=lambda t: u.write('late'))
print(u.read(4))
Timer(mode=Timer.ONE_SHOT, period=20, callback=lambda t: u.write('line\n'))
print(u.readline())
begun = time.ticks_ms()
print(u.read(1), 50 <= time.ticks_diff(time.ticks_ms(), begun) < 80)
u.init(timeout_char=30)
u.write('a')
Timer(mode=Timer.ONE_SHOT, period=10, callback=lambda t: u.write('b'))
print(u.read(2))

# A writer that waits for room.
u.write('x' * 16)
Timer(mode=Timer.ONE_SHOT, period=20, callback=lambda t: u.read(10))
print(u.write('y' * 4), u.any())
u.read()

# poll
p = select.poll()
p.register(u, select.POLLIN)
print(p.poll(0))
u.write('z')
print(p.poll(0)[0][1] == select.POLLIN, u.read())
p.unregister(u)

# irq
seen = []
irq = u.irq(lambda uart: seen.append((uart is u, uart.read(), irq.flags() == UART.IRQ_RX)), UART.IRQ_RX)
u.write('told')
u.write('again')
print(seen, irq.trigger() == UART.IRQ_RX, u.irq() is irq)
u.irq(None)
u.write('silent')
print(len(seen), u.read())

print(UART.RTS, UART.CTS, UART.INV_TX, UART.INV_RX, UART.INV_RTS, UART.INV_CTS, UART.IRQ_RXIDLE, UART.IRQ_TXIDLE, UART.IRQ_BREAK)
refused(UART)
refused(UART, 0)
refused(UART, 'x')
refused(UART, 1, -2)
refused(UART, 1, bits=10)
refused(UART, 1, parity=2)
refused(UART, 1, stop=3)
refused(UART, 1, flow=16)
refused(UART, 1, timeout=-1)
refused(UART, 1, tx=99)
refused(UART, 1, speed=5)
refused(u.write, 5)
refused(u.readinto, b'abc')
refused(u.read, 'x')
refused(u.sendbreak)
refused(u.irq, 5, UART.IRQ_RX)
refused(u.irq, print, UART.IRQ_BREAK)
refused(u.irq, print, 16)
refused(u.irq, print, UART.IRQ_RX, True)
u.init(timeout=0)
for f in (u.any, u.read, u.txdone, lambda: u.write('x'), lambda: u.readinto(buf), u.flush):
    Pin(('fail', 5)); refused(f)
Pin(('fail', 16)); refused(u.init)
u.irq(print, UART.IRQ_RX)
with u as v:
    print(v is u)
for f in (u.any, u.read, u.readline, u.flush, u.irq, lambda: u.write('x'), lambda: u.write(''), lambda: list(u)):
    refused(f)
u.deinit()
u.init()
print(u.write('back'), u.read())
u.deinit()
u.deinit()
for f in (u.any, u.read):
    refused(f)
