/* machine_wdt.c: machine.WDT on Zephyr's watchdog drivers. WDT(0) is the devicetree's alias watchdog0, or the device wdt0. */
#include "machine.h"

#include <zephyr/drivers/watchdog.h>

static const char *const prefixes[] = {"wdt", "watchdog", "wdog", "iwdg", NULL};
PYR_ZEPHYR_IS_BY_PREFIX(wdt, prefixes)
static const struct pyr_zephyr_class class = {is, prefixes};

static int started = -1, channel; /* the one that runs: its handle, and its channel */

static int place_of(int32_t number) {
    struct pyr_id id = {.bank = -1, .number = number, .pin = -1};
#if DT_NODE_HAS_STATUS(DT_ALIAS(watchdog0), okay)
    if (number == 0) {
        id.label = DEVICE_DT_NAME(DT_ALIAS(watchdog0));
        id.number = -1;
    }
#endif
    return pyr_zephyr_open(&id, &class);
}

static int wdt_open(void *user, int32_t number, uint64_t timeout_us) {
    ARG_UNUSED(user);
    int handle = place_of(number);
    if (handle < 0) return handle;
    uint64_t ms = timeout_us / USEC_PER_MSEC;
    if (ms == 0 || ms > UINT32_MAX) return PYR_EINVAL;
    if (started >= 0 && started != handle) return PYR_EBUSY;
    const struct device *device = pyr_zephyr_at(handle);
    /* Its time can be changed only while it does not run. */
    if (started == handle && wdt_disable(device) != 0) return PYR_EBUSY;
    struct wdt_timeout_cfg config = {.window.max = (uint32_t)ms, .flags = WDT_FLAG_RESET_SOC};
    int result = wdt_install_timeout(device, &config);
    if (result < 0) return result == -ENOMEM || result == -EBUSY ? pyr_zephyr_errno(result) : PYR_EINVAL;
    channel = result;
    result = wdt_setup(device, WDT_OPT_PAUSE_HALTED_BY_DBG);
    if (result == -ENOTSUP) result = wdt_setup(device, 0);
    if (result < 0) return pyr_zephyr_errno(result);
    started = handle;
    return handle;
}

static int wdt_feed_one(void *user, int handle) {
    ARG_UNUSED(user);
    int result = wdt_feed(pyr_zephyr_at(handle), channel);
    return result < 0 ? pyr_zephyr_errno(result) : 0;
}

const struct pyr_wdt_ops pyr_zephyr_wdt_ops = {
    .abi_size = sizeof pyr_zephyr_wdt_ops,
    .open = wdt_open,
    .feed = wdt_feed_one,
};
