/* pyrite_freertos_machine.c: machine.Timer over FreeRTOS's software timers.
 *
 * A slot's timer is made once and never deleted, so its commands come to the timer service task in order. That task may run
 * an expiry that was due before the last command reached it: what it finds then is not armed, or not yet due.
 */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "pyrite_freertos_machine.h"

#if configUSE_TIMERS

#include "timers.h"

/* errno numbers of pyrite_machine.h */
#define NO_MEMORY (-12)
#define NO_DEVICE (-19)
#define INVALID (-22)

struct slot {
    StaticTimer_t storage;
    TimerHandle_t timer; /* NULL until the slot is used */
    struct pyr_notify notify;
    TickType_t period, due;
    volatile uint8_t used, armed, periodic;
    volatile uint8_t telling; /* the service task is about to post */
};

static struct slot slots[PYR_FREERTOS_TIMERS];

/* The service task's call. */
static void expired(TimerHandle_t timer) {
    struct slot *slot = pvTimerGetTimerID(timer);
    struct pyr_notify notify;
    uintptr_t state = pyr_freertos_critical_enter(NULL);
    int due = slot->armed && (TickType_t)(xTaskGetTickCount() - slot->due) <= portMAX_DELAY / 2;
    if (due) {
        slot->telling = 1;
        notify = slot->notify;
        slot->due += slot->period;
        slot->armed = slot->periodic;
    }
    pyr_freertos_critical_exit(NULL, state);
    if (!due) return;
    (void)pyr_notify(&notify, 0);
    slot->telling = 0;
}

static void disarm(struct slot *slot) {
    slot->armed = 0;
    while (slot->telling) vTaskDelay(1);
}

static int timer_open(void *user, int32_t number) {
    (void)user;
    if (number != -1) return NO_DEVICE;
    for (int i = 0; i < PYR_FREERTOS_TIMERS; i++) {
        struct slot *slot = &slots[i];
        uintptr_t state = pyr_freertos_critical_enter(NULL);
        int mine = !slot->used;
        slot->used = 1;
        pyr_freertos_critical_exit(NULL, state);
        if (!mine) continue;
        if (slot->timer == NULL) slot->timer = xTimerCreateStatic("python", 1, pdFALSE, slot, expired, &slot->storage);
        return i;
    }
    return NO_MEMORY;
}

static int timer_start(void *user, int handle, uint64_t period_us, int periodic, const struct pyr_notify *notify) {
    (void)user;
    struct slot *slot = &slots[handle];
    uint64_t most = (uint64_t)portMAX_DELAY / 2;
    if (period_us > UINT64_MAX / configTICK_RATE_HZ - 1000000u) return INVALID; /* it could not be computed */
    if (period_us / 1000000u >= most / configTICK_RATE_HZ) return INVALID;
    TickType_t ticks = (TickType_t)((period_us * configTICK_RATE_HZ + 999999u) / 1000000u);
    if (ticks == 0) ticks = 1;
    disarm(slot);
    uintptr_t state = pyr_freertos_critical_enter(NULL);
    slot->notify = *notify;
    slot->period = ticks;
    slot->periodic = periodic != 0;
    slot->due = xTaskGetTickCount() + ticks;
    slot->armed = 1;
    pyr_freertos_critical_exit(NULL, state);
    vTimerSetReloadMode(slot->timer, periodic ? pdTRUE : pdFALSE);
    (void)xTimerChangePeriod(slot->timer, ticks, portMAX_DELAY); /* starts it too; waits for room among the commands */
    return 0;
}

static void timer_close(void *user, int handle) {
    (void)user;
    struct slot *slot = &slots[handle];
    disarm(slot);
    (void)xTimerStop(slot->timer, portMAX_DELAY);
    slot->used = 0;
}

const struct pyr_timer_ops pyr_freertos_timers = {
    .abi_size = sizeof pyr_freertos_timers,
    .open = timer_open,
    .start = timer_start,
    .close = timer_close,
};

#endif
