/* machine.h: what the tables behind Python's module `machine` share: devices by class, and telling of events.
 *
 * A handle is a device's place in Zephyr's own table of devices, so most classes need no memory here. One lock per class
 * that keeps something guards it; drivers have their own.
 */
#ifndef PYRITE_ZEPHYR_MACHINE_H
#define PYRITE_ZEPHYR_MACHINE_H

#include "devices.h"
#include "pyrite_machine.h"
#include "pyrite_zephyr.h"

/* Numbers of errors that pyrite_machine.h names. */
#define PYR_ENODEV (-19)
#define PYR_EINVAL (-22)
#define PYR_EBUSY (-16)
#define PYR_ENOMEM (-12)
#define PYR_E2BIG (-7)
#define PYR_EOPNOTSUPP (-95)

extern const struct pyr_system_ops pyr_zephyr_system_ops;
extern const struct pyr_pin_ops pyr_zephyr_pin_ops;
extern const struct pyr_timer_ops pyr_zephyr_timer_ops;
extern const struct pyr_i2c_ops pyr_zephyr_i2c_ops;
extern const struct pyr_spi_ops pyr_zephyr_spi_ops;
extern const struct pyr_uart_ops pyr_zephyr_uart_ops;
extern const struct pyr_adc_ops pyr_zephyr_adc_ops;
extern const struct pyr_wdt_ops pyr_zephyr_wdt_ops;

/* ---- Devices by class ------------------------------------------------------------------------------------------------------ */

/* What tells whether a device is of a class. */
struct pyr_zephyr_class {
    bool (*is)(const struct device *device);
    const char *const *prefixes; /* of the names that a number stands for: "i2c" makes I2C(0) the device i2c0 */
};

/* The handle of the device that an id names by label or number: its place in the table. A negative number as find, open and
 * configure return it. */
int pyr_zephyr_open(const struct pyr_id *id, const struct pyr_zephyr_class *class);

/* The device of a handle; NULL for no such place. */
const struct device *pyr_zephyr_at(int handle);

/* Before Zephyr 4.1 no list tells the class of a device. Of some classes all devicetree nodes, and no others, have a certain
 * property (one that is a boolean or has a default): `names` lists those. Of others the name or a label has to be one of the
 * class's prefixes, then maybe a number, then the end or the devicetree's '@'. */
bool pyr_zephyr_is_one_of(const struct device *device, const char *const *names);
bool pyr_zephyr_has_prefix(const struct device *device, const char *const *prefixes);
#define PYR_ZEPHYR_NAME_IF(node, property) COND_CODE_1(DT_NODE_HAS_PROP(node, property), (DEVICE_DT_NAME(node),), ())

/* `static bool is(device)` for a class of drivers. */
#ifdef PYR_ZEPHYR_IS
#define PYR_ZEPHYR_IS_CLASS(class)                                                                                      \
    static bool is(const struct device *device) { return PYR_ZEPHYR_IS(class, device); }
#define PYR_ZEPHYR_IS_BY_PROPERTY(class, property) PYR_ZEPHYR_IS_CLASS(class)
#define PYR_ZEPHYR_IS_BY_PREFIX(class, prefixes) PYR_ZEPHYR_IS_CLASS(class)
#else
#define PYR_ZEPHYR_IS_BY_PROPERTY(class, property)                                                                      \
    static const char *const names[] = {DT_FOREACH_STATUS_OKAY_NODE_VARGS(PYR_ZEPHYR_NAME_IF, property) NULL};         \
    static bool is(const struct device *device) { return pyr_zephyr_is_one_of(device, names); }
#define PYR_ZEPHYR_IS_BY_PREFIX(class, prefixes)                                                                        \
    static bool is(const struct device *device) { return pyr_zephyr_has_prefix(device, prefixes); }
#endif

/* ---- Events ------------------------------------------------------------------------------------------------------------------ */

/* One who is told. Its notify is changed and read under `lock`; telling is outside of it, counted by `telling`. */
struct pyr_zephyr_source {
    struct k_spinlock lock;
    struct pyr_notify notify; /* post is NULL: nobody */
    atomic_t telling;
};

/* [any] Tells it. */
void pyr_zephyr_tell(struct pyr_zephyr_source *source, uint32_t flags);

/* Whether another VM than `notify`'s is told now: the device is that one's. */
bool pyr_zephyr_is_others(struct pyr_zephyr_source *source, const struct pyr_notify *notify);

/* Who is told from now on; NULL: nobody. When it returns, the one before is not told any more, nor being told. */
void pyr_zephyr_set_notify(struct pyr_zephyr_source *source, const struct pyr_notify *notify);

#endif
