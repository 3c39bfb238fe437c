/* devices.h: what a device is called. */
#ifndef PYRITE_ZEPHYR_DEVICES_H
#define PYRITE_ZEPHYR_DEVICES_H

#include <zephyr/device.h>

/* Label `index` of a device, NULL after the last one; none without CONFIG_DEVICE_DT_METADATA. */
const char *pyr_zephyr_label(const struct device *device, size_t index);

/* Whether the device has the name or the label. */
bool pyr_zephyr_is_named(const struct device *device, const char *name);

#endif
