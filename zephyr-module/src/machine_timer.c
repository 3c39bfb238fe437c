/* machine_timer.c: machine.Timer on the kernel's timers: Timer(-1) is any of those that are free, Timer(n) one of them. */
#include "machine.h"

struct timer {
    struct k_timer timer;
    struct pyr_zephyr_source source;
    bool used, ready; /* `ready`: k_timer_init was called */
};
static struct timer timers[CONFIG_PYRITE_MACHINE_TIMERS];
static K_MUTEX_DEFINE(guard); /* several VMs may want one timer */

static void on_expiry(struct k_timer *timer) { pyr_zephyr_tell(&CONTAINER_OF(timer, struct timer, timer)->source, 0); }

static int timer_open(void *user, int32_t number) {
    ARG_UNUSED(user);
    int handle = number;
    if (number < -1 || number >= (int32_t)ARRAY_SIZE(timers)) return PYR_ENODEV;
    k_mutex_lock(&guard, K_FOREVER);
    /* From the end, so that the numbers that programs choose are free longest. */
    if (number < 0) {
        handle = ARRAY_SIZE(timers) - 1;
        while (handle >= 0 && timers[handle].used) handle--;
    }
    if (handle >= 0) {
        if (!timers[handle].ready) k_timer_init(&timers[handle].timer, on_expiry, NULL);
        timers[handle].ready = timers[handle].used = true;
    }
    k_mutex_unlock(&guard);
    return handle < 0 ? PYR_ENOMEM : handle;
}

static void stop(struct timer *timer) {
    k_timer_stop(&timer->timer);
    pyr_zephyr_set_notify(&timer->source, NULL);
}

static int timer_start(void *user, int handle, uint64_t period_us, int periodic, const struct pyr_notify *notify) {
    ARG_UNUSED(user);
    struct timer *timer = &timers[handle];
    const uint64_t most = sizeof(k_ticks_t) > 4 ? (uint64_t)INT64_MAX / 2 : INT32_MAX / 2;
    if (period_us == 0 || period_us / USEC_PER_SEC >= most / CONFIG_SYS_CLOCK_TICKS_PER_SEC) return PYR_EINVAL;
    k_timeout_t period = K_TICKS((k_ticks_t)k_us_to_ticks_ceil64(period_us));
    k_mutex_lock(&guard, K_FOREVER);
    bool others = pyr_zephyr_is_others(&timer->source, notify);
    if (!others) {
        stop(timer);
        pyr_zephyr_set_notify(&timer->source, notify);
        k_timer_start(&timer->timer, period, periodic ? period : K_NO_WAIT);
    }
    k_mutex_unlock(&guard);
    return others ? PYR_EBUSY : 0;
}

static void timer_close(void *user, int handle) {
    ARG_UNUSED(user);
    k_mutex_lock(&guard, K_FOREVER);
    stop(&timers[handle]);
    timers[handle].used = false;
    k_mutex_unlock(&guard);
}

const struct pyr_timer_ops pyr_zephyr_timer_ops = {
    .abi_size = sizeof pyr_zephyr_timer_ops,
    .open = timer_open,
    .start = timer_start,
    .close = timer_close,
};
