# Sensors from Python: Zephyr's emulated magnetometer, and a driver of the test's own.
import zsensor
from zsensor import Sensor


def fails(kind, function, *args):
    try:
        function(*args)
    except kind as e:
        return e
    raise AssertionError("no " + kind.__name__)


compass = Sensor("compass")
compass.measure()
assert abs(compass.get_float(zsensor.MAGN_X) - 0.5) < 0.002, compass.get_float(zsensor.MAGN_X)
assert abs(compass.get_micros(zsensor.MAGN_Y) + 250000) < 2000
assert abs(compass.get_millis(zsensor.MAGN_Y) + 250) <= 2 and compass.get_int(zsensor.MAGN_X) == 0
compass.attr_set(zsensor.MAGN_XYZ, zsensor.ATTR_SAMPLING_FREQUENCY, 10)
assert compass.attr_get_int(zsensor.MAGN_XYZ, zsensor.ATTR_SAMPLING_FREQUENCY) == 10
assert isinstance(Sensor("akm09918c@c"), Sensor)

volts = Sensor("voltmeter")
volts.measure()
V = zsensor.VOLTAGE
assert (volts.get_int(V), volts.get_millis(V), volts.get_micros(V), volts.get_float(V)) == (-1, -1500, -1500000, -1.5)
assert volts.get_int(zsensor.ACCEL_XYZ) == 7
volts.attr_set(V, zsensor.ATTR_OFFSET, 2.25)
assert volts.attr_get_float(V, zsensor.ATTR_OFFSET) == 2.25
assert volts.attr_get_micros(V, zsensor.ATTR_OFFSET) == 2250000 and volts.attr_get_millis(V, zsensor.ATTR_OFFSET) == 2250
volts.attr_set(V, zsensor.ATTR_OFFSET, -3, -5)
assert volts.attr_get_micros(V, zsensor.ATTR_OFFSET) == -3000005 and volts.attr_get_int(V, zsensor.ATTR_OFFSET) == -3
volts.attr_set(V, zsensor.ATTR_OFFSET, 13)
assert fails(OSError, volts.measure).errno == 16

assert fails(OSError, volts.get_int, zsensor.LIGHT).errno == 95
assert fails(OSError, volts.attr_set, V, zsensor.ATTR_ALERT, 1).errno == 95
assert fails(OSError, volts.attr_get_int, V, zsensor.ATTR_GAIN if hasattr(zsensor, "ATTR_GAIN") else 999).errno == 95
fails(ValueError, volts.get_int, zsensor.ALL)
fails(ValueError, volts.attr_set, V, zsensor.ATTR_OFFSET, 1e30)
fails(ValueError, volts.attr_set, V, zsensor.ATTR_OFFSET, float("nan"))
fails(TypeError, volts.attr_set, V, zsensor.ATTR_OFFSET, "1")
fails(TypeError, volts.get_int, "VOLTAGE")
assert "absent" in str(fails(ValueError, Sensor, "absent"))
assert "i2c0" in str(fails(ValueError, Sensor, "i2c0"))
assert fails(OSError, Sensor, "broken").errno == 19


class NotMade(Sensor):
    def __init__(self):
        pass


fails(ValueError, NotMade().measure)
for name in "ACCEL_X GYRO_XYZ MAGN_Z DIE_TEMP AMBIENT_TEMP PRESS PROX HUMIDITY LIGHT IR RED ALTITUDE PM_2_5 CO2 GAS_RES".split():
    assert isinstance(getattr(zsensor, name), int)
print("sensor: PASSED")
