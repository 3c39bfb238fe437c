# ADC
from machine import ADC, Pin

def refused(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)

a = ADC(2)
print(a, a.read_u16(), a.read_uv(), ADC(Pin(3)).read_u16(), ADC(2) is a, ADC(Pin(2)) is a)
a.init(sample_ns=100, atten=3)
refused(ADC, 9)
refused(ADC, Pin(9))
refused(ADC, 'temperature')
refused(ADC)
refused(ADC, 0, sample_ns=-5)
refused(ADC, 0, 5)
Pin(('fail', 5)); refused(a.read_u16)
Pin(('fail', 5)); refused(a.read_uv)
Pin(('fail', 12)); refused(ADC, 1)
print(a.deinit(), a.deinit())
refused(a.read_u16)
a.init()
print(a.read_u16())
