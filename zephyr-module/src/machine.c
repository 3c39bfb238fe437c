/* machine.c: the tables behind Python's module `machine`, and what they share. */
#include "machine.h"

#include <zephyr/sys/printk.h>

#include <ctype.h>
#include <string.h>

const struct pyr_machine pyr_zephyr_machine = {
    .abi_size = sizeof pyr_zephyr_machine,
    .system = &pyr_zephyr_system_ops,
    IF_ENABLED(CONFIG_PYRITE_MACHINE_PIN, (.pin = &pyr_zephyr_pin_ops,))
    IF_ENABLED(CONFIG_PYRITE_MACHINE_TIMER, (.timer = &pyr_zephyr_timer_ops,))
    IF_ENABLED(CONFIG_PYRITE_MACHINE_I2C, (.i2c = &pyr_zephyr_i2c_ops,))
    IF_ENABLED(CONFIG_PYRITE_MACHINE_SPI, (.spi = &pyr_zephyr_spi_ops,))
    IF_ENABLED(CONFIG_PYRITE_MACHINE_UART, (.uart = &pyr_zephyr_uart_ops,))
    IF_ENABLED(CONFIG_PYRITE_MACHINE_ADC, (.adc = &pyr_zephyr_adc_ops,))
    IF_ENABLED(CONFIG_PYRITE_MACHINE_WDT, (.wdt = &pyr_zephyr_wdt_ops,))
};

/* ---- Devices by class ------------------------------------------------------------------------------------------------------ */

static bool fits_prefix(const char *name, const char *const *prefixes) {
    for (; name != NULL && *prefixes != NULL; prefixes++) {
        size_t len = strlen(*prefixes);
        if (strncmp(name, *prefixes, len) != 0) continue;
        const char *rest = name + len;
        if (*rest == '_' || *rest == '-') rest++;
        while (isdigit((unsigned char)*rest)) rest++;
        if (*rest == '\0' || *rest == '@') return true;
    }
    return false;
}

bool pyr_zephyr_is_one_of(const struct device *device, const char *const *names) {
    for (; *names != NULL; names++) {
        if (device->name != NULL && strcmp(device->name, *names) == 0) return true;
    }
    return false;
}

bool pyr_zephyr_has_prefix(const struct device *device, const char *const *prefixes) {
    const char *label;
    if (fits_prefix(device->name, prefixes)) return true;
    for (size_t i = 0; (label = pyr_zephyr_label(device, i)) != NULL; i++) {
        if (fits_prefix(label, prefixes)) return true;
    }
    return false;
}

const struct device *pyr_zephyr_at(int handle) {
    const struct device *device;
    int count;
    STRUCT_SECTION_COUNT(device, &count);
    if (handle < 0 || handle >= count) return NULL;
    STRUCT_SECTION_GET(device, handle, &device);
    return device;
}

static int find(const char *name, const struct pyr_zephyr_class *class) {
    int handle = 0;
    STRUCT_SECTION_FOREACH(device, device) {
        if (pyr_zephyr_is_named(device, name) && class->is(device)) return device_is_ready(device) ? handle : PYR_ENODEV;
        handle++;
    }
    return PYR_ENODEV;
}

int pyr_zephyr_open(const struct pyr_id *id, const struct pyr_zephyr_class *class) {
    if (id->bank >= 0 || id->pin >= 0) return PYR_ENODEV;
    if (id->label != NULL) return find(id->label, class);
    for (const char *const *prefix = class->prefixes; *prefix != NULL; prefix++) {
        char name[24];
        snprintk(name, sizeof name, "%s%d", *prefix, (int)id->number);
        int handle = find(name, class);
        if (handle >= 0) return handle;
    }
    return PYR_ENODEV;
}

/* ---- Events ------------------------------------------------------------------------------------------------------------------ */

void pyr_zephyr_tell(struct pyr_zephyr_source *source, uint32_t flags) {
    k_spinlock_key_t key = k_spin_lock(&source->lock);
    struct pyr_notify notify = source->notify;
    if (notify.post != NULL) (void)atomic_inc(&source->telling);
    k_spin_unlock(&source->lock, key);
    if (notify.post == NULL) return;
    (void)pyr_notify(&notify, flags);
    (void)atomic_dec(&source->telling);
}

bool pyr_zephyr_is_others(struct pyr_zephyr_source *source, const struct pyr_notify *notify) {
    k_spinlock_key_t key = k_spin_lock(&source->lock);
    bool others = source->notify.post != NULL && notify != NULL && source->notify.vm != notify->vm;
    k_spin_unlock(&source->lock, key);
    return others;
}

void pyr_zephyr_set_notify(struct pyr_zephyr_source *source, const struct pyr_notify *notify) {
    static const struct pyr_notify nobody;
    k_spinlock_key_t key = k_spin_lock(&source->lock);
    source->notify = notify != NULL ? *notify : nobody;
    k_spin_unlock(&source->lock, key);
    /* Another processor, or a thread that this one has displaced, may be telling: it gets the time to end. */
    while (atomic_get(&source->telling) != 0) k_sleep(K_TICKS(1));
}
