/* pyrite_freertos.c: the port over FreeRTOS.
 *
 * What depends on the processor is in arch_*.h: whether this is an interrupt, masking that nests in tasks and
 * interrupts alike, and where the stack ends. A handle is the address of the storage that the VM gave, as FreeRTOS's
 * static creation functions promise.
 */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "pyrite_freertos.h"

#if defined(__riscv)
#include "arch_riscv.h"
#elif defined(__arm__)
#include "arch_arm.h"
#else
#include "arch_posix.h"
#endif

#define CTRL_C 3

/* ---- Time ------------------------------------------------------------------------------------------------------------- */

/* Ticks that cover `us`, below the value that FreeRTOS takes for ever. */
static TickType_t ticks_of(uint64_t us) {
    uint64_t most = (uint64_t)portMAX_DELAY - 1;
    if (us / 1000000u >= most / configTICK_RATE_HZ) return (TickType_t)most;
    return (TickType_t)((us * configTICK_RATE_HZ + 999999u) / 1000000u);
}

uint64_t pyr_freertos_clock_us(void *user) {
    (void)user;
    /* The tick count wraps. The high part is kept here, and right as long as somebody asks once per turn. */
    static TickType_t last;
    static uint32_t turns;
    uintptr_t state = arch_mask();
    TickType_t now = xTaskGetTickCountFromISR();
    if (now < last) turns++;
    last = now;
    uint64_t ticks = (((uint64_t)turns << (sizeof(TickType_t) * 4)) << (sizeof(TickType_t) * 4)) | now;
    arch_unmask(state);
    return ticks * (1000000u / configTICK_RATE_HZ);
}

/* ---- Mutex: FreeRTOS's, with priority inheritance; unlocking also lets an equal waiter run ---------------------------- */

int pyr_freertos_mutex_init(void *user, void *storage) {
    (void)user;
    struct pyr_freertos_mutex *m = storage;
    m->waiting = 0;
    return xSemaphoreCreateMutexStatic(&m->semaphore) != NULL ? 0 : -1;
}

static void add_waiting(struct pyr_freertos_mutex *m, int by) {
    uintptr_t state = arch_mask();
    m->waiting += (UBaseType_t)by;
    arch_unmask(state);
}

int pyr_freertos_mutex_lock(void *user, void *storage, uint64_t timeout_us) {
    (void)user;
    struct pyr_freertos_mutex *m = storage;
    SemaphoreHandle_t handle = (SemaphoreHandle_t)&m->semaphore;
    if (xSemaphoreTake(handle, 0) == pdTRUE) return 1;
    if (timeout_us == 0) return 0;
    add_waiting(m, 1);
    BaseType_t got;
    do got = xSemaphoreTake(handle, timeout_us == PYR_FOREVER ? portMAX_DELAY : ticks_of(timeout_us));
    while (got != pdTRUE && timeout_us == PYR_FOREVER);
    add_waiting(m, -1);
    return got == pdTRUE;
}

void pyr_freertos_mutex_unlock(void *user, void *storage) {
    (void)user;
    struct pyr_freertos_mutex *m = storage;
    int waited = m->waiting != 0;
    xSemaphoreGive((SemaphoreHandle_t)&m->semaphore);
    /* A waiter of higher priority runs already. One of equal priority is last in the ready list, so it has run and
     * taken the mutex when this task comes back from yielding. */
    if (waited) taskYIELD();
}

void pyr_freertos_mutex_end(void *user, void *storage) {
    (void)user;
    vSemaphoreDelete((SemaphoreHandle_t)storage);
}

#ifdef PYR_FREERTOS_NOTIFY_INDEX
/* ---- Wake objects: a bit, and who waits for it by a notification --------------------------------------------------------- */

int pyr_freertos_wake_init(void *user, void *storage) {
    (void)user;
    struct pyr_freertos_wake *w = storage;
    w->waiter = NULL;
    w->set = 0;
    w->woken = pdFALSE;
    return 0;
}

/* In a critical section or an interrupt, so that the waiter is still there when it is notified. The kernel only ever
 * sets `woken`, and the waiter clears it: that is less to do here, and at worst asks for a switch twice. */
static inline BaseType_t wake_from_isr(struct pyr_freertos_wake *w) {
    w->set = 1;
    TaskHandle_t waiter = w->waiter;
    if (waiter == NULL) return pdFALSE;
    vTaskNotifyGiveIndexedFromISR(waiter, PYR_FREERTOS_NOTIFY_INDEX, &w->woken);
    return w->woken;
}

int pyr_freertos_wait(void *user, void *storage, uint64_t timeout_us) {
    (void)user;
    struct pyr_freertos_wake *w = storage;
    if (!w->set) {
        TickType_t left = timeout_us == PYR_FOREVER ? portMAX_DELAY : ticks_of(timeout_us);
        TimeOut_t begun;
        vTaskSetTimeOutState(&begun);
        w->woken = pdFALSE;
        w->waiter = xTaskGetCurrentTaskHandle();
        /* A notification may be left over from a wait that ended as it came: it says nothing of this one. */
        while (!w->set) {
            (void)ulTaskNotifyTakeIndexed(PYR_FREERTOS_NOTIFY_INDEX, pdTRUE, left);
            if (!w->set && timeout_us != PYR_FOREVER && xTaskCheckForTimeOut(&begun, &left) == pdTRUE) break;
        }
        w->waiter = NULL;
    }
    if (!w->set) return 0;
    w->set = 0;
    return 1;
}

void pyr_freertos_wake_end(void *user, void *storage) { (void)user, (void)storage; }
#else
/* ---- Wake objects: binary semaphores ----------------------------------------------------------------------------------- */

int pyr_freertos_wake_init(void *user, void *storage) {
    (void)user;
    return xSemaphoreCreateBinaryStatic(&((struct pyr_freertos_wake *)storage)->semaphore) != NULL ? 0 : -1;
}

static inline BaseType_t wake_from_isr(struct pyr_freertos_wake *w) {
    BaseType_t woken = pdFALSE;
    (void)xSemaphoreGiveFromISR((SemaphoreHandle_t)&w->semaphore, &woken); /* full: the bit is set already */
    return woken;
}

int pyr_freertos_wait(void *user, void *storage, uint64_t timeout_us) {
    (void)user;
    BaseType_t got;
    do got = xSemaphoreTake((SemaphoreHandle_t)storage, timeout_us == PYR_FOREVER ? portMAX_DELAY : ticks_of(timeout_us));
    while (got != pdTRUE && timeout_us == PYR_FOREVER);
    return got == pdTRUE;
}

void pyr_freertos_wake_end(void *user, void *storage) {
    (void)user;
    vSemaphoreDelete((SemaphoreHandle_t)storage);
}
#endif

void pyr_freertos_wake(void *user, void *storage) {
    (void)user;
    if (arch_in_isr()) {
        if (wake_from_isr(storage)) arch_yield_from_isr();
        return;
    }
    uintptr_t state = arch_mask();
    BaseType_t woken = wake_from_isr(storage);
    arch_unmask(state);
    if (woken) taskYIELD();
}

/* ---- Tasks ---------------------------------------------------------------------------------------------------------------- */

uintptr_t pyr_freertos_task_self(void *user) {
    (void)user;
    return arch_in_isr() ? 0 : (uintptr_t)xTaskGetCurrentTaskHandle();
}

void pyr_freertos_yield_now(void *user) {
    (void)user;
    taskYIELD();
}

size_t pyr_freertos_stack_left(void *user) {
    (void)user;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), low = arch_stack_low() + ARCH_STACK_RESERVE;
    return here > low ? here - low : 0;
}

#if INCLUDE_vTaskDelete && INCLUDE_eTaskGetState && INCLUDE_uxTaskPriorityGet
static void task_main(void *arg) {
    struct pyr_freertos_task *t = arg;
    t->entry(t->arg);
    configASSERT(!"a Python thread ends by task_end");
}

int pyr_freertos_task_create(void *user, void *storage, void *stack, size_t stack_len, void (*entry)(void *), void *arg,
                             const char *name, int32_t priority) {
    (void)user;
    struct pyr_freertos_task *t = storage;
    /* The caller's own priority: it has the VM, so it may have inherited a higher one. */
    if (priority == PYR_PRIORITY_SAME) priority = (int32_t)uxTaskBasePriorityGet(NULL);
    if (priority < 0 || priority >= configMAX_PRIORITIES) return -22; /* EINVAL */
    t->entry = entry;
    t->arg = arg;
    t->ended = 0;
    TaskHandle_t made = xTaskCreateStatic(task_main, name, (configSTACK_DEPTH_TYPE)(stack_len / sizeof(StackType_t)), t,
                                          (UBaseType_t)priority, stack, &t->tcb);
    return made != NULL ? 0 : -1;
}

void pyr_freertos_task_end(void *user, void *storage) {
    (void)user;
    ((struct pyr_freertos_task *)storage)->ended = 1;
    for (;;) vTaskSuspend(NULL);
}

int pyr_freertos_task_reap(void *user, void *storage) {
    (void)user;
    struct pyr_freertos_task *t = storage;
    /* Only a task that stands still may be deleted from outside without the idle task's help. */
    if (!t->ended || eTaskGetState((TaskHandle_t)&t->tcb) != eSuspended) return 0;
    vTaskDelete((TaskHandle_t)&t->tcb);
    return 1;
}
#endif

/* ---- Console ---------------------------------------------------------------------------------------------------------------- */

int pyr_freertos_rx(struct pyr_freertos_console *console, uint8_t byte) {
    if (byte == CTRL_C && console->vm != NULL && pyr_interrupt(console->vm) > 0) return 1;
    uint16_t head = console->head;
    if ((uint16_t)(head - console->tail) > console->mask) return 0;
    console->ring[head & console->mask] = byte;
    __atomic_signal_fence(__ATOMIC_RELEASE); /* the byte before the count that shows it */
    console->head = (uint16_t)(head + 1);
    void *notify = console->notify;
    if (notify != NULL) pyr_freertos_wake(console, notify);
    return 1;
}

void pyr_freertos_rx_end(struct pyr_freertos_console *console) {
    console->ended = 1;
    void *notify = console->notify;
    if (notify != NULL) pyr_freertos_wake(console, notify);
}

int pyr_freertos_console_read(void *user, uint8_t *buf, size_t len) {
    struct pyr_freertos_console *console = user;
    uint8_t ended = console->ended; /* before looking: bytes come in before the end does */
    size_t count = 0;
    uint16_t tail = console->tail;
    while (count < len && tail != console->head) buf[count++] = console->ring[tail++ & console->mask];
    __atomic_signal_fence(__ATOMIC_RELEASE);
    console->tail = tail;
    return count == 0 && ended ? -1 : (int)count;
}

int pyr_freertos_console_write(void *user, const uint8_t *buf, size_t len) {
    return ((struct pyr_freertos_console *)user)->write(buf, len);
}

void pyr_freertos_console_notify(void *user, void *wake) {
    struct pyr_freertos_console *console = user;
    console->notify = wake;
    if (wake != NULL && (console->ended || console->head != console->tail)) pyr_freertos_wake(user, wake);
}

/* ---- Critical section ---------------------------------------------------------------------------------------------------------- */

uintptr_t pyr_freertos_critical_enter(void *user) {
    (void)user;
    return arch_mask();
}

void pyr_freertos_critical_exit(void *user, uintptr_t state) {
    (void)user;
    arch_unmask(state);
}
