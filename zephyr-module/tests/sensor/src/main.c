/* main.c: the sensors of this test: the field that the emulated magnetometer is in, and a driver that can fail. */
#include <zephyr/device.h>
#include <zephyr/drivers/emul.h>
#include <zephyr/drivers/emul_sensor.h>
#include <zephyr/drivers/sensor.h>

#include <errno.h>

/* 0.5 and -0.25 gauss; the emulator takes fractions of 2^31, times two to the power of the last argument. */
static int place_compass(void) {
    const struct emul *compass = EMUL_DT_GET(DT_NODELABEL(compass));
    q31_t half = INT32_C(1) << 30, minus_quarter = -(INT32_C(1) << 29);
    int status = emul_sensor_backend_set_channel(compass, (struct sensor_chan_spec){SENSOR_CHAN_MAGN_X, 0}, &half, 0);
    if (status < 0) return status;
    return emul_sensor_backend_set_channel(compass, (struct sensor_chan_spec){SENSOR_CHAN_MAGN_Y, 0}, &minus_quarter, 0);
}
SYS_INIT(place_compass, APPLICATION, 99);

/* ---- A sensor of one voltage, which goes down by 1.5 volts with each sample ---------------------------------------------- */

static struct sensor_value volts = {0, 0}, offset;

static int fetch(const struct device *device, enum sensor_channel channel) {
    ARG_UNUSED(device), ARG_UNUSED(channel);
    if (offset.val1 == 13) return -EBUSY;
    return sensor_value_from_micro(&volts, sensor_value_to_micro(&volts) - 1500000);
}

static int get(const struct device *device, enum sensor_channel channel, struct sensor_value *value) {
    ARG_UNUSED(device);
    if (channel == SENSOR_CHAN_ACCEL_XYZ) {
        for (int i = 0; i < 3; i++) value[i].val1 = 7 + i;
        return 0;
    }
    if (channel != SENSOR_CHAN_VOLTAGE) return -ENOTSUP;
    *value = volts;
    return 0;
}

static int set_attribute(const struct device *device, enum sensor_channel channel, enum sensor_attribute attribute,
                         const struct sensor_value *value) {
    ARG_UNUSED(device), ARG_UNUSED(channel);
    if (attribute != SENSOR_ATTR_OFFSET) return -ENOTSUP;
    offset = *value;
    return 0;
}

static int get_attribute(const struct device *device, enum sensor_channel channel, enum sensor_attribute attribute,
                         struct sensor_value *value) {
    ARG_UNUSED(device), ARG_UNUSED(channel);
    if (attribute != SENSOR_ATTR_OFFSET) return -ENOTSUP;
    *value = offset;
    return 0;
}

#ifndef DEVICE_API /* before 4.1 */
#define DEVICE_API(class, name) const struct class##_driver_api name
#endif
static DEVICE_API(sensor, api) = {
    .sample_fetch = fetch,
    .channel_get = get,
    .attr_set = set_attribute,
    .attr_get = get_attribute,
};

static int begin(const struct device *device) {
    ARG_UNUSED(device);
    return 0;
}

static int fail(const struct device *device) {
    ARG_UNUSED(device);
    return -EIO;
}

DEVICE_DEFINE(voltmeter, "voltmeter", begin, NULL, NULL, NULL, POST_KERNEL, 80, &api);
SENSOR_INFO_DEFINE(voltmeter_info, DEVICE_GET(voltmeter), NULL, NULL, "voltmeter");
DEVICE_DEFINE(broken, "broken", fail, NULL, NULL, NULL, POST_KERNEL, 80, &api);
SENSOR_INFO_DEFINE(broken_info, DEVICE_GET(broken), NULL, NULL, "broken");
