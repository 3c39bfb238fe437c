# Timer: once, again and again, by period and by frequency; ends, and what is refused.
from machine import Timer
import time, machine

def refused(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)

calls = []
t = Timer(-1)
print(t)
t.init(period=10, callback=calls.append)
time.sleep_ms(35)
print(len(calls), all(c is t for c in calls), t)
t.deinit()
time.sleep_ms(50)
print(len(calls))
t.deinit()
print(Timer.ONE_SHOT, Timer.PERIODIC)

t.init(mode=Timer.ONE_SHOT, period=5, callback=calls.append)
time.sleep_ms(50)
print(len(calls), t)
t.init(mode=Timer.ONE_SHOT, callback=calls.append)
time.sleep_ms(8)
print(len(calls))

# By frequency, by ticks; what is not given stays.
for kw in ({'freq': 100}, {'freq': 0.5}, {'period': 30, 'tick_hz': 1000000}, {'period': 7, 'freq': -1}):
    u = Timer(callback=lambda t: None, **kw)
    print(u)
    u.deinit()
u = Timer(-1, callback=calls.append)
print(u)
u.init(callback=None)
u.deinit()

# One that is started anew counts from there.
calls.clear()
t.init(mode=Timer.ONE_SHOT, period=10, callback=calls.append)
time.sleep_ms(6)
t.init(mode=Timer.ONE_SHOT, period=10, callback=calls.append)
time.sleep_ms(6)
print(len(calls))
time.sleep_ms(6)
print(len(calls))

# A callback may stop its timer, start it again, and raise.
n = 0
def three(t):
    global n
    n += 1
    if n == 3:
        t.deinit()
t.init(period=1, callback=three)
time.sleep_ms(20)
print(n)
def again(t):
    global n
    n += 1
    if n < 6:
        t.init(mode=t.ONE_SHOT, period=2, callback=again)
again(t)
time.sleep_ms(20)
print(n)
def broken(t):
    raise ValueError('in the callback')
t.init(mode=t.ONE_SHOT, period=1, callback=broken)
time.sleep_ms(5)

# A running timer lives without a name; a program that is busy is called as well.
Timer(mode=Timer.ONE_SHOT, period=2, callback=lambda t: print('busy'))
for i in range(2000):
    time.ticks_us()

# Numbered ones are the same object until deinit.
a = Timer(0, period=3, callback=calls.append)
print(Timer(0) is a, a)
a.init(callback=None)
calls.clear()
time.sleep_ms(10)
print(len(calls))
a.init(mode=a.ONE_SHOT, period=3, callback=calls.append)
time.sleep_ms(10)
print(len(calls), Timer(0) is a)
a.deinit()
print(Timer(0) is a)
Timer(0).deinit()

class Tick(Timer):
    pass
calls.clear()
k = Tick(-1)
k.init(mode=k.ONE_SHOT, period=1, callback=calls.append)
time.sleep_ms(3)
print(len(calls))

# As many as there are.
all_of = [Timer(-1, period=1000, callback=print) for i in range(4)]
refused(Timer, -1, period=1000, callback=print)
all_of.pop().deinit()
Timer(-1, period=1000, callback=print).deinit()
for x in all_of:
    x.deinit()

refused(Timer, 7)
refused(Timer, -2)
refused(Timer, 'a')
refused(Timer, 1 << 40)
refused(t.init, mode=2)
refused(t.init, period=-5)
refused(t.init, period=1 << 30, callback=print)
refused(t.init, period=4000000, callback=print)
refused(t.init, period=1 << 70, callback=print)
refused(t.init, period=1, tick_hz=0)
refused(t.init, freq=0, callback=print)
refused(t.init, freq=-0.5, callback=print)
refused(t.init, freq=2000000, callback=print)
refused(t.init, freq=float('nan'), callback=print)
refused(t.init, callback=5)
refused(t.init, hard=True, callback=print)
refused(t.init, 1)
machine.Pin(('fail', 16)); refused(t.init, period=1, callback=print)
machine.Pin(('fail later', 5)); refused(t.init, period=1, callback=print)
calls.clear()
t.init(mode=t.ONE_SHOT, period=1, callback=calls.append)
time.sleep_ms(3)
print(len(calls))
