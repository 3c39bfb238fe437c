# WDT
from machine import WDT, Pin

def refused(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)

w = WDT()
print(w, w.feed(), WDT(0, 1000) is w, WDT(id=0, timeout=2000) is w, w.timeout_ms(3000))
refused(WDT, 1)
refused(WDT, -1)
refused(WDT, 0, 0)
refused(WDT, 0, 20000)
refused(WDT, 0, 1 << 40)
refused(w.timeout_ms, 20000)
refused(w.timeout_ms)
Pin(('fail', 5)); refused(w.feed)
Pin(('fail', 16)); refused(WDT)
print(w.feed())
