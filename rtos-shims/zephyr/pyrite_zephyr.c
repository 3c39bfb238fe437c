/* pyrite_zephyr.c: the port over Zephyr's kernel.
 *
 * Zephyr's calls are macros and inlines that depend on the configuration, so all of this is C in the application's own
 * build. Nothing here is kept in globals but what several VMs may share. The critical section is irq_lock, which on SMP is
 * Zephyr's global lock; it guards the consoles as well, because telling a VM takes it: with a lock of its own for each
 * console two processors could hold one and wait for the other.
 */
#include "pyrite_zephyr.h"

#include <zephyr/drivers/entropy.h>
#include <zephyr/drivers/rtc.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/irq.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/timeutil.h>

#include <errno.h>
#include <string.h>

#ifdef CONFIG_ARCH_POSIX
#include <posix_board_if.h>
#endif

#define CTRL_C 3
#define US_PER_S 1000000u

/* ---- Simulated time ---------------------------------------------------------------------------------------------------- */

#ifdef CONFIG_ARCH_POSIX
/* native_sim's processor is infinitely fast: its time stands still, and no interrupt comes, while code runs. Python that
 * computes, or looks at the clock until it is late enough, would do so for ever. So code takes time here, a safepoint a
 * tenth of a microsecond and a look at the clock five, in portions because each changes the host's thread twice. */
#define SAFEPOINTS_PER_PORTION 1000
#define PORTION_US 100
#define SAFEPOINTS_PER_LOOK 50

void pyr_zephyr_running(void *user, uint32_t safepoints) {
    static uint32_t unpaid; /* one thread of the host runs at a time, and none is stopped but in posix_cpu_hold */
    ARG_UNUSED(user);
    unpaid += MIN(safepoints, SAFEPOINTS_PER_PORTION);
    if (unpaid < SAFEPOINTS_PER_PORTION) return;
    unpaid -= SAFEPOINTS_PER_PORTION;
    posix_cpu_hold(PORTION_US);
}

static void take_time(void) { pyr_zephyr_running(NULL, SAFEPOINTS_PER_LOOK); }
#else
static void take_time(void) {}
#endif

/* ---- Time ------------------------------------------------------------------------------------------------------------- */

/* Divisions by 64 bits take hundreds of instructions on small processors: where a tick is a whole number of microseconds,
 * and a microsecond of cycles, ticks are counted and 32 bits divided. */
#define US_PER_TICK (US_PER_S / CONFIG_SYS_CLOCK_TICKS_PER_SEC)
#define WHOLE_US_PER_TICK (US_PER_S % CONFIG_SYS_CLOCK_TICKS_PER_SEC == 0)

static uint64_t us_of_cycles(uint64_t count, uint32_t hz) {
    uint64_t seconds = count / hz;
    return seconds * US_PER_S + (count - seconds * hz) * US_PER_S / hz;
}

#ifdef CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER
static uint64_t now_us(void) { return us_of_cycles(k_cycle_get_64(), sys_clock_hw_cycles_per_sec()); }
#else
/* A 32-bit cycle counter is made longer by the tick count: it tells the cycles so far within far less than half a turn, and
 * of all numbers that end in the counter's 32 bits the nearest is the right one. Nothing is kept, so nobody has to ask
 * once per turn, and two processors cannot disagree. */
static uint64_t now_us(void) {
    uint32_t hz = sys_clock_hw_cycles_per_sec(), per_tick = hz / CONFIG_SYS_CLOCK_TICKS_PER_SEC;
    unsigned int key = irq_lock(); /* nothing comes between the two */
    uint64_t ticks = (uint64_t)k_uptime_ticks();
    uint32_t low = k_cycle_get_32();
    irq_unlock(key);
    uint64_t about = ticks * per_tick;
    int32_t off = (int32_t)(low - (uint32_t)about);
    if (off >= 0 && WHOLE_US_PER_TICK && hz % US_PER_S == 0 && hz % CONFIG_SYS_CLOCK_TICKS_PER_SEC == 0) {
        return ticks * US_PER_TICK + (uint32_t)off / (hz / US_PER_S);
    }
    return us_of_cycles(off < 0 && -(int64_t)off > (int64_t)about ? low : about + (uint64_t)(int64_t)off, hz);
}
#endif

uint64_t pyr_zephyr_clock_us(void *user) {
    ARG_UNUSED(user);
    take_time();
    return now_us();
}

uint32_t pyr_zephyr_cpu_ticks(void *user) {
    ARG_UNUSED(user);
    take_time();
    return k_cycle_get_32();
}

#if defined(CONFIG_RTC) && DT_NODE_HAS_STATUS(DT_ALIAS(rtc), okay)
int64_t pyr_zephyr_epoch_us(void *user) {
    struct rtc_time at;
    /* A clock that nobody has set counts from the start, as if there were none. */
    if (rtc_get_time(DEVICE_DT_GET(DT_ALIAS(rtc)), &at) != 0) return (int64_t)pyr_zephyr_clock_us(user);
    return timeutil_timegm64(rtc_time_to_tm(&at)) * US_PER_S + at.tm_nsec / 1000;
}
#endif

static k_timeout_t timeout_of(uint64_t us) {
    if (us == PYR_FOREVER) return K_FOREVER;
    if (us == 0) return K_NO_WAIT;
    if (WHOLE_US_PER_TICK && us <= UINT32_MAX - US_PER_TICK) {
        return K_TICKS((k_ticks_t)(((uint32_t)us + US_PER_TICK - 1) / US_PER_TICK));
    }
    /* The longest that the kernel counts where ticks have 32 bits; the VM asks again. */
    const uint64_t most = sizeof(k_ticks_t) > 4 ? INT64_MAX / 2 : INT32_MAX / 2;
    uint64_t seconds = us / US_PER_S;
    if (seconds >= most / CONFIG_SYS_CLOCK_TICKS_PER_SEC) return K_TICKS((k_ticks_t)most);
    uint64_t rest = (us % US_PER_S) * CONFIG_SYS_CLOCK_TICKS_PER_SEC;
    return K_TICKS((k_ticks_t)(seconds * CONFIG_SYS_CLOCK_TICKS_PER_SEC + (rest + US_PER_S - 1) / US_PER_S));
}

/* ---- Mutex: Zephyr's, with priority inheritance. Unlocking hands it to the first waiter itself ------------------------- */

/* All of them: a mutex alone knows what priority its owner had before it inherited one. */
static sys_slist_t mutexes = SYS_SLIST_STATIC_INIT(&mutexes);
static struct k_spinlock mutexes_lock;

int pyr_zephyr_mutex_init(void *user, void *storage) {
    ARG_UNUSED(user);
    struct pyr_zephyr_mutex *mutex = storage;
    k_spinlock_key_t key = k_spin_lock(&mutexes_lock);
    sys_slist_append(&mutexes, &mutex->node);
    k_spin_unlock(&mutexes_lock, key);
    return k_mutex_init(&mutex->mutex);
}

int pyr_zephyr_mutex_lock(void *user, void *storage, uint64_t timeout_us) {
    ARG_UNUSED(user);
    return k_mutex_lock(&((struct pyr_zephyr_mutex *)storage)->mutex, timeout_of(timeout_us)) == 0;
}

void pyr_zephyr_mutex_unlock(void *user, void *storage) {
    ARG_UNUSED(user);
    (void)k_mutex_unlock(&((struct pyr_zephyr_mutex *)storage)->mutex);
}

void pyr_zephyr_mutex_end(void *user, void *storage) {
    ARG_UNUSED(user);
    k_spinlock_key_t key = k_spin_lock(&mutexes_lock);
    (void)sys_slist_find_and_remove(&mutexes, &((struct pyr_zephyr_mutex *)storage)->node);
    k_spin_unlock(&mutexes_lock, key);
}

/* The caller's priority without what it inherited for the mutexes that it holds. */
static int own_priority(void) {
    int priority = k_thread_priority_get(k_current_get());
    struct pyr_zephyr_mutex *mutex;
    k_spinlock_key_t key = k_spin_lock(&mutexes_lock);
    SYS_SLIST_FOR_EACH_CONTAINER(&mutexes, mutex, node) {
        if (mutex->mutex.owner == k_current_get()) priority = MAX(priority, mutex->mutex.owner_orig_prio);
    }
    k_spin_unlock(&mutexes_lock, key);
    return priority;
}

/* ---- Wake objects: semaphores that count to one ----------------------------------------------------------------------- */

int pyr_zephyr_wake_init(void *user, void *wake) {
    ARG_UNUSED(user);
    return k_sem_init(wake, 0, 1);
}

void pyr_zephyr_wake(void *user, void *wake) {
    ARG_UNUSED(user);
    k_sem_give(wake);
}

int pyr_zephyr_wait(void *user, void *wake, uint64_t timeout_us) {
    ARG_UNUSED(user);
    return k_sem_take(wake, timeout_of(timeout_us)) == 0;
}

void pyr_zephyr_wake_end(void *user, void *wake) { ARG_UNUSED(user), ARG_UNUSED(wake); }

/* ---- Threads ------------------------------------------------------------------------------------------------------------ */

uintptr_t pyr_zephyr_task_self(void *user) {
    ARG_UNUSED(user);
    return k_is_in_isr() ? 0 : (uintptr_t)k_current_get();
}

void pyr_zephyr_yield_now(void *user) {
    ARG_UNUSED(user);
    k_yield();
}

#ifdef CONFIG_ARCH_POSIX
/* Stacks are those of the host's threads; pyrite_zephyr_host.c asks the host. Interrupts run on them. */
uintptr_t pyr_zephyr_host_stack_low(void);
#define STACK_RESERVE 16384
#define STACK_LOW() pyr_zephyr_host_stack_low()
#else
/* What an interrupt pushes before it changes to its own stack, floating-point registers included. */
#define STACK_RESERVE (sizeof(struct arch_esf) + 16)
#define STACK_LOW() k_current_get()->stack_info.start
#endif

size_t pyr_zephyr_stack_left(void *user) {
    ARG_UNUSED(user);
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), low = STACK_LOW() + STACK_RESERVE;
    return here > low ? here - low : 0;
}

void pyr_zephyr_share_time(k_tid_t thread) {
#ifdef CONFIG_TIMESLICE_PER_THREAD
    k_thread_time_slice_set(thread, (int32_t)k_ms_to_ticks_ceil32(CONFIG_PYRITE_TIMESLICE_MS), NULL, NULL);
#else
    ARG_UNUSED(thread);
#endif
}

static void thread_main(void *storage, void *unused, void *unused2) {
    struct pyr_zephyr_task *task = storage;
    ARG_UNUSED(unused), ARG_UNUSED(unused2);
    task->entry(task->arg);
}

int pyr_zephyr_task_create(void *user, void *storage, void *stack, size_t stack_len, void (*entry)(void *), void *arg,
                           const char *name, int32_t priority) {
    ARG_UNUSED(user);
    struct pyr_zephyr_task *task = storage;
    if (priority == PYR_PRIORITY_SAME) priority = own_priority();
    if (priority < K_HIGHEST_THREAD_PRIO || priority > K_LOWEST_APPLICATION_THREAD_PRIO) return -EINVAL;
    if (stack_len <= K_KERNEL_STACK_RESERVED) return -EINVAL;
    memset(&task->thread, 0, sizeof task->thread);
    task->entry = entry;
    task->arg = arg;
    (void)k_thread_create(&task->thread, stack, stack_len - K_KERNEL_STACK_RESERVED, thread_main, task, NULL, NULL,
                          priority, 0, K_FOREVER);
    (void)k_thread_name_set(&task->thread, name);
    pyr_zephyr_share_time(&task->thread);
    k_thread_start(&task->thread);
    return 0;
}

void pyr_zephyr_task_end(void *user, void *storage) {
    ARG_UNUSED(user);
    k_thread_abort(&((struct pyr_zephyr_task *)storage)->thread);
    CODE_UNREACHABLE;
}

int pyr_zephyr_task_reap(void *user, void *storage) {
    ARG_UNUSED(user);
    return k_thread_join(&((struct pyr_zephyr_task *)storage)->thread, K_NO_WAIT) == 0;
}

/* ---- Console ---------------------------------------------------------------------------------------------------------------- */

int pyr_zephyr_rx(struct pyr_zephyr_console *console, uint8_t byte) {
    /* In the section nobody closes the VM, nor ends the wake object, while it is told. */
    unsigned int key = irq_lock();
    int taken = byte == CTRL_C && console->vm != NULL && pyr_interrupt(console->vm) > 0;
    if (!taken && console->count < sizeof console->ring) {
        console->ring[console->head] = byte;
        console->head = (console->head + 1) % sizeof console->ring;
        console->count++;
        taken = 1;
        if (console->notify != NULL) k_sem_give(console->notify);
    }
    irq_unlock(key);
    return taken;
}

void pyr_zephyr_rx_end(struct pyr_zephyr_console *console, bool ended) {
    unsigned int key = irq_lock();
    console->ended = ended;
    if (ended && console->notify != NULL) k_sem_give(console->notify);
    irq_unlock(key);
}

void pyr_zephyr_console_vm(struct pyr_zephyr_console *console, pyr_vm *vm) {
    unsigned int key = irq_lock();
    console->vm = vm;
    irq_unlock(key);
}

#ifdef CONFIG_SERIAL
#ifdef CONFIG_UART_INTERRUPT_DRIVEN
static void uart_isr(const struct device *uart, void *user) {
    uint8_t bytes[16];
    while (uart_irq_update(uart) > 0 && uart_irq_rx_ready(uart) > 0) {
        int count = uart_fifo_read(uart, bytes, sizeof bytes);
        if (count <= 0) break;
        for (int i = 0; i < count; i++) (void)pyr_zephyr_rx(user, bytes[i]);
    }
}
#endif

static void uart_poll(struct k_timer *timer) {
    struct pyr_zephyr_console *console = CONTAINER_OF(timer, struct pyr_zephyr_console, poll);
    unsigned char byte;
    while (uart_poll_in(console->uart, &byte) == 0) (void)pyr_zephyr_rx(console, byte);
}

int pyr_zephyr_console_start(struct pyr_zephyr_console *console) {
    unsigned char byte;
    if (console->uart == NULL) return 0;
    if (!device_is_ready(console->uart)) return -ENODEV;
#ifdef CONFIG_UART_INTERRUPT_DRIVEN
    if (uart_irq_callback_user_data_set(console->uart, uart_isr, console) == 0) {
        uart_irq_rx_enable(console->uart);
        return 0;
    }
#endif
    int status = uart_poll_in(console->uart, &byte);
    if (status == 0) (void)pyr_zephyr_rx(console, byte);
    if (status < 0 && status != -1) return -ENOTSUP;
    k_timer_init(&console->poll, uart_poll, NULL);
    k_timer_start(&console->poll, K_MSEC(CONFIG_PYRITE_CONSOLE_POLL_MS), K_MSEC(CONFIG_PYRITE_CONSOLE_POLL_MS));
    return 0;
}
#else
int pyr_zephyr_console_start(struct pyr_zephyr_console *console) { return console->uart == NULL ? 0 : -ENODEV; }
#endif

int pyr_zephyr_console_read(void *user, uint8_t *buf, size_t len) {
    struct pyr_zephyr_console *console = user;
    size_t count = 0;
    unsigned int key = irq_lock();
    size_t tail = (console->head + sizeof console->ring - console->count) % sizeof console->ring;
    for (; count < len && count < console->count; count++) {
        buf[count] = console->ring[tail];
        tail = (tail + 1) % sizeof console->ring;
    }
    console->count -= (uint16_t)count;
    bool ended = console->ended;
    irq_unlock(key);
    return count == 0 && ended ? -1 : (int)count;
}

int pyr_zephyr_console_write(void *user, const uint8_t *buf, size_t len) {
    struct pyr_zephyr_console *console = user;
    if (console->write != NULL) return console->write(console, buf, len);
#ifdef CONFIG_SERIAL
    if (console->uart != NULL) {
        for (size_t i = 0; i < len; i++) uart_poll_out(console->uart, buf[i]);
        return (int)len;
    }
#endif
    for (size_t i = 0; i < len; i++) printk("%c", buf[i]);
    return (int)len;
}

void pyr_zephyr_console_notify(void *user, void *wake) {
    struct pyr_zephyr_console *console = user;
    unsigned int key = irq_lock();
    console->notify = wake;
    if (wake != NULL && (console->ended || console->count > 0)) k_sem_give(wake);
    irq_unlock(key);
}

/* ---- Critical section: nests, in threads and interrupts alike ----------------------------------------------------------- */

uintptr_t pyr_zephyr_critical_enter(void *user) {
    ARG_UNUSED(user);
    return irq_lock();
}

void pyr_zephyr_critical_exit(void *user, uintptr_t state) {
    ARG_UNUSED(user);
    irq_unlock((unsigned int)state);
}

/* ---- Numbers of errors -------------------------------------------------------------------------------------------------- */

/* Those above 34 differ among C libraries; Python's are Linux's. */
int pyr_zephyr_errno(int result) {
    switch (-result) {
    case ENAMETOOLONG: return -36;
    case ENOSYS: return -38;
    case ENOTEMPTY: return -39;
    case ENOMSG: return -42;
    case ENODATA: return -61;
    case EPROTO: return -71;
    case EBADMSG: return -74;
    case EOVERFLOW: return -75;
    case EMSGSIZE: return -90;
    case ENOTSUP: return -95;
    case EADDRINUSE: return -98;
    case ENETDOWN: return -100;
    case ENOBUFS: return -105;
    case EISCONN: return -106;
    case ENOTCONN: return -107;
    case ETIMEDOUT: return -110;
    case EALREADY: return -114;
    case EINPROGRESS: return -115;
    case ECANCELED: return -125;
    default: return result;
    }
}

/* ---- The rest ------------------------------------------------------------------------------------------------------------- */

#if defined(CONFIG_ENTROPY_GENERATOR) && DT_HAS_CHOSEN(zephyr_entropy)
size_t pyr_zephyr_entropy(void *user, uint8_t *buf, size_t len) {
    ARG_UNUSED(user);
    const struct device *source = DEVICE_DT_GET(DT_CHOSEN(zephyr_entropy));
    if (!device_is_ready(source) || len > UINT16_MAX) return 0;
    return entropy_get_entropy(source, buf, (uint16_t)len) == 0 ? len : 0;
}
#endif

void pyr_zephyr_fatal(void *user, const char *reason) {
    ARG_UNUSED(user);
    printk("pyrite: %s\n", reason);
    k_panic();
    CODE_UNREACHABLE;
}

/* ---- What the archive needs of a C library and not every one has -------------------------------------------------------- */

/* LLVM makes calls of bcmp; Zephyr's own small C library lacks it. */
__weak int bcmp(const void *a, const void *b, size_t len) { return memcmp(a, b, len); }
