/* pyrite_template.c: a blank port. Copy it, fill in each function, and hand `&port` to pyr_open.
 *
 * pyrite_port.h says what each function MUST do and who may call it; the remarks here say what usually goes wrong.
 * Every body that is left as it stands makes the VM stop with a clear reason, so a half-done port shows what it lacks.
 * rtos-shims/conformance tells what is wrong with a port that is done; docs/PORTING.md goes through it in order.
 */
#include "pyrite_port.h"

static void port_fatal(void *user, const char *reason) {
    (void)user, (void)reason;
    for (;;) { /* show the reason somewhere, then stop or reset */
    }
}

#define NOT_YET(result)                                                                                                \
    do {                                                                                                               \
        port_fatal(NULL, __func__);                                                                                    \
        return result;                                                                                                 \
    } while (0)

/* Time. Trap: a 32-bit timer wraps; extend it under the critical section, and look at it at least once per turn. */
static uint64_t port_clock_us(void *user) { (void)user; NOT_YET(0); }

/* Mutex. Trap: an RTOS whose unlock lets the unlocking task take the mutex again at once starves the waiters: yield. */
struct mutex { int replace_me; };
static int port_mutex_init(void *user, void *mutex) { (void)user, (void)mutex; NOT_YET(-1); }
static int port_mutex_lock(void *user, void *mutex, uint64_t timeout_us) { (void)user, (void)mutex, (void)timeout_us; NOT_YET(0); }
static void port_mutex_unlock(void *user, void *mutex) { (void)user, (void)mutex; NOT_YET(); }
static void port_mutex_end(void *user, void *mutex) { (void)user, (void)mutex; NOT_YET(); }

/* Wake objects. Trap: a condition variable alone forgets a wake that comes before the wait; a bit or a binary semaphore
 * does not. Trap: `wake` is called by interrupts, where most RTOSes want other functions. */
struct wake { int replace_me; };
static int port_wake_init(void *user, void *wake) { (void)user, (void)wake; NOT_YET(-1); }
static void port_wake(void *user, void *wake) { (void)user, (void)wake; NOT_YET(); }
static int port_wait(void *user, void *wake, uint64_t timeout_us) { (void)user, (void)wake, (void)timeout_us; NOT_YET(0); }
static void port_wake_end(void *user, void *wake) { (void)user, (void)wake; NOT_YET(); }

/* Tasks. Trap: `stack_left` is called often; a function that scans the stack for a pattern is too slow. */
static uintptr_t port_task_self(void *user) { (void)user; NOT_YET(0); }
static void port_yield_now(void *user) { (void)user; NOT_YET(); }
static size_t port_stack_left(void *user) { (void)user; NOT_YET(0); }

/* Console. Trap: the receive interrupt must hand a typed ctrl-C to pyr_interrupt before it looks whether its buffer is
 * full, or a program that does not read cannot be stopped. */
static int port_console_read(void *user, uint8_t *buf, size_t len) { (void)user, (void)buf, (void)len; NOT_YET(-1); }
static int port_console_write(void *user, const uint8_t *buf, size_t len) { (void)user, (void)buf, (void)len; NOT_YET(-1); }
static void port_console_notify(void *user, void *wake) { (void)user, (void)wake; NOT_YET(); }

/* Critical section. Trap: it nests, and is entered by tasks and interrupts; many RTOS macros allow only one of them. */
static uintptr_t port_critical_enter(void *user) { (void)user; NOT_YET(0); }
static void port_critical_exit(void *user, uintptr_t state) { (void)user, (void)state; NOT_YET(); }

/* What is optional: leave an entry out of the table below, and Python does without what pyrite_port.h says it loses. */

/* The fastest counter there is, for time.ticks_cpu. */
static uint32_t port_cpu_ticks(void *user) { (void)user; NOT_YET(0); }

/* The wall clock. Trap: before anybody has set it, give what the hardware holds, never a negative number. */
static int64_t port_epoch_us(void *user) { (void)user; NOT_YET(0); }

/* Python threads. Trap: a task that has ended still stands on its stack until the RTOS has switched away from it for the
 * last time; only then may task_reap say 1. */
struct task { int replace_me; };
static int port_task_create(void *user, void *task, void *stack, size_t stack_len, void (*entry)(void *arg), void *arg,
                            const char *name, int32_t priority) {
    (void)user, (void)task, (void)stack, (void)stack_len, (void)entry, (void)arg, (void)name, (void)priority;
    NOT_YET(-1);
}
static void port_task_end(void *user, void *task) { (void)user, (void)task; NOT_YET(); }
static int port_task_reap(void *user, void *task) { (void)user, (void)task; NOT_YET(0); }

/* Random bytes of the hardware. Trap: a generator that is not ready yet gives zeros; return how many bytes are good. */
static size_t port_entropy(void *user, uint8_t *buf, size_t len) { (void)user, (void)buf, (void)len; NOT_YET(0); }

extern const struct pyr_port port;
const struct pyr_port port = {
    .abi_size = sizeof(struct pyr_port),
    .mutex_size = sizeof(struct mutex),
    .mutex_align = _Alignof(struct mutex),
    .wake_size = sizeof(struct wake),
    .wake_align = _Alignof(struct wake),
    .task_size = sizeof(struct task),
    .task_align = _Alignof(struct task),
    .stack_align = 8,
    .console = PYR_CONSOLE_CRLF,
    .clock_us = port_clock_us,
    .cpu_ticks = port_cpu_ticks,
    .epoch_us = port_epoch_us,
    .mutex_init = port_mutex_init,
    .mutex_lock = port_mutex_lock,
    .mutex_unlock = port_mutex_unlock,
    .mutex_end = port_mutex_end,
    .wake_init = port_wake_init,
    .wake = port_wake,
    .wait = port_wait,
    .wake_end = port_wake_end,
    .task_self = port_task_self,
    .yield_now = port_yield_now,
    .stack_left = port_stack_left,
    .task_create = port_task_create,
    .task_end = port_task_end,
    .task_reap = port_task_reap,
    .console_read = port_console_read,
    .console_write = port_console_write,
    .console_notify = port_console_notify,
    .critical_enter = port_critical_enter,
    .critical_exit = port_critical_exit,
    .entropy = port_entropy,
    .fatal = port_fatal,
};
