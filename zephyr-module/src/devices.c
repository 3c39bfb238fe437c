/* devices.c: what a device is called: its name, and the labels of its devicetree node. */
#include "devices.h"

#include <string.h>

const char *pyr_zephyr_label(const struct device *device, size_t index) {
#ifdef CONFIG_DEVICE_DT_METADATA
    /* One that is not of the devicetree has none, and 3.7 does not look. */
    const struct device_dt_nodelabels *labels = device->dt_meta != NULL ? device_get_dt_nodelabels(device) : NULL;
    return labels != NULL && index < labels->num_nodelabels ? labels->nodelabels[index] : NULL;
#else
    ARG_UNUSED(device), ARG_UNUSED(index);
    return NULL;
#endif
}

bool pyr_zephyr_is_named(const struct device *device, const char *name) {
    if (device->name != NULL && strcmp(device->name, name) == 0) return true;
    const char *label;
    for (size_t i = 0; (label = pyr_zephyr_label(device, i)) != NULL; i++) {
        if (strcmp(label, name) == 0) return true;
    }
    return false;
}
