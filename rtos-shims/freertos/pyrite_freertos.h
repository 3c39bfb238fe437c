/* pyrite_freertos.h: the port over FreeRTOS, compiled in the firmware's own build with its FreeRTOSConfig.h.
 *
 *   static uint8_t ring[64];
 *   static struct pyr_freertos_console uart = {.ring = ring, .mask = sizeof ring - 1, .write = uart_write};
 *   static const struct pyr_port port = {PYR_FREERTOS_PORT, .clock_us = pyr_freertos_clock_us, .fatal = my_fatal, .user = &uart};
 *
 * Static allocation only. FreeRTOSConfig.h needs configSUPPORT_STATIC_ALLOCATION, configUSE_MUTEXES and
 * INCLUDE_vTaskSuspend; with INCLUDE_vTaskDelete, INCLUDE_eTaskGetState and INCLUDE_uxTaskPriorityGet there are Python
 * threads too. With configTASK_NOTIFICATION_ARRAY_ENTRIES above 1 tasks wait by their notification of the last index
 * (PYR_FREERTOS_NOTIFY_INDEX), which the firmware then leaves alone; it wakes them in fewer instructions and takes less memory
 * than the semaphores used otherwise. Index 0 always belongs to the firmware. Interrupts that call anything of
 * Pyrite must have a priority from which FreeRTOS's own FromISR functions may be called.
 */
#ifndef PYRITE_FREERTOS_H
#define PYRITE_FREERTOS_H

#include "FreeRTOS.h"
#include "semphr.h"
#include "task.h"

#include "pyrite.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A console: the port's `user`. The firmware fills the first three fields; the VM's is set after pyr_open. */
struct pyr_freertos_console {
    uint8_t *ring;  /* what the interrupt received; mask + 1 bytes */
    uint16_t mask;  /* a power of two less one */
    int (*write)(const uint8_t *buf, size_t len); /* sends 1 to len bytes, may block; -1 when gone */
    pyr_vm *volatile vm; /* whom ctrl-C interrupts; NULL: nobody. MUST be NULL before that VM is closed */
    volatile uint16_t head, tail; /* both count up */
    volatile uint8_t ended;       /* no input will come any more */
    void *volatile notify;
};

/* Called by the receive interrupt for each byte. Ctrl-C interrupts the VM, even if the ring is full. Returns 0 when the
 * byte was lost. */
int pyr_freertos_rx(struct pyr_freertos_console *console, uint8_t byte);

/* Called by an interrupt when no more input will come. */
void pyr_freertos_rx_end(struct pyr_freertos_console *console);

#if !defined(__arm__) && !defined(__riscv)
/* FreeRTOS's Posix port cannot tell an interrupt from a task: the firmware's tick hook sets this while it runs. */
#include <signal.h>
extern volatile sig_atomic_t pyr_freertos_in_isr;
#endif

/* Storage of the port's objects. */
struct pyr_freertos_mutex {
    StaticSemaphore_t semaphore;
    volatile UBaseType_t waiting;
};
#if configUSE_TASK_NOTIFICATIONS && configTASK_NOTIFICATION_ARRAY_ENTRIES > 1
#ifndef PYR_FREERTOS_NOTIFY_INDEX
#define PYR_FREERTOS_NOTIFY_INDEX (configTASK_NOTIFICATION_ARRAY_ENTRIES - 1)
#endif
struct pyr_freertos_wake {
    volatile TaskHandle_t waiter;
    BaseType_t woken; /* the waiter is more urgent than who was interrupted */
    volatile uint8_t set;
};
#else
struct pyr_freertos_wake {
    StaticSemaphore_t semaphore;
};
#endif
struct pyr_freertos_task {
    StaticTask_t tcb;
    void (*entry)(void *);
    void *arg;
    volatile int ended;
};

/* The fields that FreeRTOS alone decides. Left to the firmware: clock_us, fatal, user; and if it has them cpu_ticks,
 * epoch_us, entropy, variable_get, variable_set, files. */
#define PYR_FREERTOS_PORT                                                                                              \
    .abi_size = sizeof(struct pyr_port), .mutex_size = sizeof(struct pyr_freertos_mutex),                              \
    .mutex_align = _Alignof(struct pyr_freertos_mutex), .wake_size = sizeof(struct pyr_freertos_wake),                       \
    .wake_align = _Alignof(struct pyr_freertos_wake), .task_size = sizeof(struct pyr_freertos_task),                          \
    .task_align = _Alignof(struct pyr_freertos_task), .stack_align = portBYTE_ALIGNMENT,                               \
    .slice_us = 0,                                                                                                     \
    .mutex_init = pyr_freertos_mutex_init, .mutex_lock = pyr_freertos_mutex_lock,                                      \
    .mutex_unlock = pyr_freertos_mutex_unlock, .mutex_end = pyr_freertos_mutex_end,                                    \
    .wake_init = pyr_freertos_wake_init, .wake = pyr_freertos_wake, .wait = pyr_freertos_wait,                         \
    .wake_end = pyr_freertos_wake_end, .task_self = pyr_freertos_task_self, .yield_now = pyr_freertos_yield_now,       \
    .stack_left = pyr_freertos_stack_left, .console_read = pyr_freertos_console_read,                                  \
    .console_write = pyr_freertos_console_write, .console_notify = pyr_freertos_console_notify,                        \
    .critical_enter = pyr_freertos_critical_enter, .critical_exit = pyr_freertos_critical_exit                         \
    PYR_FREERTOS_THREADS

#if INCLUDE_vTaskDelete && INCLUDE_eTaskGetState && INCLUDE_uxTaskPriorityGet
#define PYR_FREERTOS_THREADS                                                                                           \
    , .task_create = pyr_freertos_task_create, .task_end = pyr_freertos_task_end, .task_reap = pyr_freertos_task_reap
int pyr_freertos_task_create(void *user, void *task, void *stack, size_t stack_len, void (*entry)(void *), void *arg,
                             const char *name, int32_t priority);
void pyr_freertos_task_end(void *user, void *task);
int pyr_freertos_task_reap(void *user, void *task);
#else
#define PYR_FREERTOS_THREADS
#endif

/* Time by the tick: as coarse as configTICK_RATE_HZ. A board with a timer writes its own. */
uint64_t pyr_freertos_clock_us(void *user);

int pyr_freertos_mutex_init(void *user, void *mutex);
int pyr_freertos_mutex_lock(void *user, void *mutex, uint64_t timeout_us);
void pyr_freertos_mutex_unlock(void *user, void *mutex);
void pyr_freertos_mutex_end(void *user, void *mutex);
int pyr_freertos_wake_init(void *user, void *wake);
void pyr_freertos_wake(void *user, void *wake);
int pyr_freertos_wait(void *user, void *wake, uint64_t timeout_us);
void pyr_freertos_wake_end(void *user, void *wake);
uintptr_t pyr_freertos_task_self(void *user);
void pyr_freertos_yield_now(void *user);
size_t pyr_freertos_stack_left(void *user);
int pyr_freertos_console_read(void *user, uint8_t *buf, size_t len);
int pyr_freertos_console_write(void *user, const uint8_t *buf, size_t len);
void pyr_freertos_console_notify(void *user, void *wake);
uintptr_t pyr_freertos_critical_enter(void *user);
void pyr_freertos_critical_exit(void *user, uintptr_t state);

#ifdef __cplusplus
}
#endif

#endif
