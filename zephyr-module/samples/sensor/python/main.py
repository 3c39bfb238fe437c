# A compass: where the magnetic field points, from the sensor that the devicetree calls `compass`.
import math
import time
import zsensor

compass = zsensor.Sensor("compass")
for i in range(4):
    compass.measure()
    x = compass.get_float(zsensor.MAGN_X)
    y = compass.get_float(zsensor.MAGN_Y)
    print("x %.2f y %.2f gauss, heading %d degrees" % (x, y, round(math.degrees(math.atan2(y, x))) % 360))
    time.sleep_ms(100)
print("done")
