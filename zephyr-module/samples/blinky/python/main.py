# Blinks the board's first LED.
import time
from machine import Pin

led = Pin("led0", Pin.OUT, value=0)
for i in range(6):
    led.toggle()
    print("led is", "on" if led.value() else "off")
    time.sleep_ms(100)
