/* machine_system.c: what machine has of the whole board: reset, why it started, what tells it from others, its clock. */
#include "machine.h"

#ifdef CONFIG_REBOOT
#include <zephyr/sys/reboot.h>

static void reset(void *user) {
    ARG_UNUSED(user);
    sys_reboot(SYS_REBOOT_COLD);
}
#endif

#ifdef CONFIG_HWINFO
#include <zephyr/drivers/hwinfo.h>

/* Zephyr's flags in the order of what they tell: a watchdog's reset may show as one by a pin as well. */
static const struct {
    uint32_t flags;
    enum pyr_reset_cause cause;
} causes[] = {
    {RESET_WATCHDOG, PYR_RESET_WATCHDOG},
    {RESET_LOW_POWER_WAKE, PYR_RESET_DEEP_SLEEP},
    {RESET_SOFTWARE, PYR_RESET_SOFT},
    {RESET_POR | RESET_BROWNOUT, PYR_RESET_POWER_ON},
    {RESET_PIN | RESET_HARDWARE, PYR_RESET_HARD},
};

/* The flags stay until somebody clears them, and are the application's too: they are only read. */
static int reset_cause(void *user) {
    ARG_UNUSED(user);
    uint32_t flags;
    if (hwinfo_get_reset_cause(&flags) != 0) return PYR_RESET_UNKNOWN;
    for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
        if ((flags & causes[i].flags) != 0) return causes[i].cause;
    }
    return PYR_RESET_UNKNOWN;
}

static int unique_id(void *user, uint8_t *buf, size_t len) {
    ARG_UNUSED(user);
    ssize_t count = hwinfo_get_device_id(buf, len);
    return count < 0 ? pyr_zephyr_errno((int)count) : (int)count;
}
#endif

static uint32_t get_freq(void *user) {
    ARG_UNUSED(user);
    return sys_clock_hw_cycles_per_sec();
}

const struct pyr_system_ops pyr_zephyr_system_ops = {
    .abi_size = sizeof pyr_zephyr_system_ops,
    IF_ENABLED(CONFIG_REBOOT, (.reset = reset,))
    IF_ENABLED(CONFIG_HWINFO, (.reset_cause = reset_cause, .unique_id = unique_id,))
    .get_freq = get_freq,
};
