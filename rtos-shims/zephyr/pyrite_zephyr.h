/* pyrite_zephyr.h: the port over Zephyr, compiled in the application's own build with its configuration.
 *
 * With CONFIG_PYRITE_AT_BOOT the module opens a VM in a thread of its own; other threads enter it:
 *
 *   pyr_entry entry;
 *   pyr_vm *vm;
 *   if (pyr_zephyr_enter(&entry, K_SECONDS(1), &vm) == 0) {
 *       pyr_exec(vm, "print('from C')", 15, "<c>", 0);
 *       pyr_zephyr_leave(vm, &entry);
 *   }
 *
 * An application that opens VMs itself fills a table for each:
 *
 *   PYR_ZEPHYR_CONSOLE(console, DEVICE_DT_GET(DT_CHOSEN(zephyr_console)));
 *   static const struct pyr_port port = {PYR_ZEPHYR_PORT, .user = &console};
 *
 * The interpreter's threads run in supervisor mode, also where CONFIG_USERSPACE is on.
 */
#ifndef PYRITE_ZEPHYR_H
#define PYRITE_ZEPHYR_H

#include <zephyr/device.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include "pyrite.h"
#include "pyrite_machine.h"
#include "pyrite_zephyr_version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The VM that is there at boot (CONFIG_PYRITE_AT_BOOT) ------------------------------------------------------------- */

/* Waits until the VM is open and enters it, at most `timeout`. The VM in `*vm`; PYR_E_TIMEOUT, or what pyr_enter says. */
int pyr_zephyr_enter(pyr_entry *entry, k_timeout_t timeout, pyr_vm **vm);

/* pyr_leave. */
int pyr_zephyr_leave(pyr_vm *vm, pyr_entry *entry);

/* [any] pyr_interrupt for that VM; 0 while it is not open. */
int pyr_zephyr_interrupt(void);

/* The devices behind Python's module `machine`: Zephyr's drivers (CONFIG_PYRITE_MODULE_MACHINE). The VM at boot has them;
 * others are given them by pyr_set_machine. */
extern const struct pyr_machine pyr_zephyr_machine;

/* A module of C's for Python, in a C file of the application or the library:
 *   static const struct pyr_module board = PYR_MODULE("board", functions);
 *   PYR_ZEPHYR_MODULE(board);
 */
struct pyr_zephyr_module {
    const struct pyr_module *module;
};
#define PYR_ZEPHYR_MODULE(name) const STRUCT_SECTION_ITERABLE(pyr_zephyr_module, pyr_zephyr_##name) = {&name}

/* A kernel's message queue that Python finds as zephyr.Message("orders"):
 *   K_MSGQ_DEFINE(orders, sizeof(struct order), 10, 4);
 *   PYR_ZEPHYR_MESSAGE(orders);
 */
struct pyr_zephyr_message {
    const char *name;
    struct k_msgq *msgq;
};
#define PYR_ZEPHYR_MESSAGE(queue) const STRUCT_SECTION_ITERABLE(pyr_zephyr_message, pyr_zephyr_##queue) = {#queue, &queue}

/* ---- Consoles ------------------------------------------------------------------------------------------------------------- */

/* Where a VM reads and writes: the port's `user`. Made by PYR_ZEPHYR_CONSOLE; all fields are the shim's. */
struct pyr_zephyr_console {
    const struct device *uart; /* NULL: printk, and no input */
    int (*write)(struct pyr_zephyr_console *console, const uint8_t *buf, size_t len); /* NULL: to the UART */
    pyr_vm *vm;                /* whom ctrl-C interrupts; this and what follows is guarded by the critical section */
    void *notify;
    uint16_t head, count;
    bool ended;
    struct k_timer poll;       /* asks a UART whose driver has no interrupts */
    uint8_t ring[CONFIG_PYRITE_CONSOLE_RING];
};

#define PYR_ZEPHYR_CONSOLE(name, device) struct pyr_zephyr_console name = {.uart = (device)}

/* Takes the UART's input from now on. 0, or a negative errno: -ENODEV when the device is not ready, -ENOTSUP when its
 * driver has neither interrupts nor polling. A console without a UART needs no start. */
int pyr_zephyr_console_start(struct pyr_zephyr_console *console);

/* [any] Whom ctrl-C interrupts from now on; NULL: nobody. MUST be NULL before that VM is closed. */
void pyr_zephyr_console_vm(struct pyr_zephyr_console *console, pyr_vm *vm);

/* [any] A byte has come in. Ctrl-C interrupts the VM even if the ring is full. 0 when the byte was lost. */
int pyr_zephyr_rx(struct pyr_zephyr_console *console, uint8_t byte);

/* [any] No more input will come, or (false) it may come again. */
void pyr_zephyr_rx_end(struct pyr_zephyr_console *console, bool ended);

/* ---- Threads that share their time -------------------------------------------------------------------------------------- */

/* Equals of this thread run every CONFIG_PYRITE_TIMESLICE_MS even if it computes, and if the kernel gives others no slices.
 * The interpreter's thread at boot has that, and threads that Python starts; a thread that opens an interpreter of its own
 * asks for it. Without CONFIG_TIMESLICE_PER_THREAD it does nothing. */
void pyr_zephyr_share_time(k_tid_t thread);

/* ---- The port ---------------------------------------------------------------------------------------------------------- */

/* With one processor Zephyr's time slices divide the time. */
#ifdef CONFIG_SMP
#define PYR_ZEPHYR_SLICE_US 5000
#else
#define PYR_ZEPHYR_SLICE_US 0
#endif

struct pyr_zephyr_mutex {
    struct k_mutex mutex;
    sys_snode_t node;
};

struct pyr_zephyr_task {
    struct k_thread thread;
    void (*entry)(void *);
    void *arg;
};

/* All fields but `user`. */
#define PYR_ZEPHYR_PORT                                                                                                \
    .abi_size = sizeof(struct pyr_port), .mutex_size = sizeof(struct pyr_zephyr_mutex),                               \
    .mutex_align = __alignof__(struct pyr_zephyr_mutex), .slice_us = PYR_ZEPHYR_SLICE_US,                              \
    .wake_size = sizeof(struct k_sem), .wake_align = __alignof__(struct k_sem),                                        \
    .task_size = sizeof(struct pyr_zephyr_task), .task_align = __alignof__(struct pyr_zephyr_task),                    \
    .stack_align = PYR_ZEPHYR_STACK_ALIGN, .console = IS_ENABLED(CONFIG_PYRITE_CONSOLE_CRLF) ? PYR_CONSOLE_CRLF : 0, .clock_us = pyr_zephyr_clock_us,               \
    .cpu_ticks = pyr_zephyr_cpu_ticks, .epoch_us = PYR_ZEPHYR_EPOCH, .mutex_init = pyr_zephyr_mutex_init,              \
    .mutex_lock = pyr_zephyr_mutex_lock, .mutex_unlock = pyr_zephyr_mutex_unlock, .mutex_end = pyr_zephyr_mutex_end,   \
    .wake_init = pyr_zephyr_wake_init, .wake = pyr_zephyr_wake, .wait = pyr_zephyr_wait,                               \
    .wake_end = pyr_zephyr_wake_end, .task_self = pyr_zephyr_task_self, .yield_now = pyr_zephyr_yield_now,             \
    .stack_left = pyr_zephyr_stack_left, .task_create = pyr_zephyr_task_create, .task_end = pyr_zephyr_task_end,       \
    .task_reap = pyr_zephyr_task_reap, .console_read = pyr_zephyr_console_read,                                        \
    .console_write = pyr_zephyr_console_write, .console_notify = pyr_zephyr_console_notify,                            \
    .critical_enter = pyr_zephyr_critical_enter, .critical_exit = pyr_zephyr_critical_exit,                            \
    .entropy = PYR_ZEPHYR_ENTROPY, .running = PYR_ZEPHYR_RUNNING, .fatal = pyr_zephyr_fatal, .files = PYR_ZEPHYR_FILES

#ifdef CONFIG_ARCH_POSIX
#define PYR_ZEPHYR_RUNNING pyr_zephyr_running
#else
#define PYR_ZEPHYR_RUNNING NULL
#endif

#if defined(CONFIG_ENTROPY_GENERATOR) && DT_HAS_CHOSEN(zephyr_entropy)
#define PYR_ZEPHYR_ENTROPY pyr_zephyr_entropy
#else
#define PYR_ZEPHYR_ENTROPY NULL
#endif

#if defined(CONFIG_RTC) && DT_NODE_HAS_STATUS(DT_ALIAS(rtc), okay)
#define PYR_ZEPHYR_EPOCH pyr_zephyr_epoch_us
#else
#define PYR_ZEPHYR_EPOCH NULL
#endif

#if defined(CONFIG_PYRITE_FILES_ZEPHYR)
#define PYR_ZEPHYR_FILES (&pyr_zephyr_files)
#elif defined(CONFIG_PYRITE_FILES_HOST)
#define PYR_ZEPHYR_FILES (&pyr_posix_files)
extern const struct pyr_files pyr_posix_files;
#else
#define PYR_ZEPHYR_FILES NULL
#endif

/* Zephyr's file systems: absolute paths begin with a mount point, "/" lists the mount points. */
extern const struct pyr_files pyr_zephyr_files;

/* [any] A negative errno of the C library's as Python numbers it; 0 or more as it is. */
int pyr_zephyr_errno(int result);

uint64_t pyr_zephyr_clock_us(void *user);
uint32_t pyr_zephyr_cpu_ticks(void *user);
int64_t pyr_zephyr_epoch_us(void *user);
int pyr_zephyr_mutex_init(void *user, void *mutex);
int pyr_zephyr_mutex_lock(void *user, void *mutex, uint64_t timeout_us);
void pyr_zephyr_mutex_unlock(void *user, void *mutex);
void pyr_zephyr_mutex_end(void *user, void *mutex);
int pyr_zephyr_wake_init(void *user, void *wake);
void pyr_zephyr_wake(void *user, void *wake);
int pyr_zephyr_wait(void *user, void *wake, uint64_t timeout_us);
void pyr_zephyr_wake_end(void *user, void *wake);
uintptr_t pyr_zephyr_task_self(void *user);
void pyr_zephyr_yield_now(void *user);
size_t pyr_zephyr_stack_left(void *user);
int pyr_zephyr_task_create(void *user, void *task, void *stack, size_t stack_len, void (*entry)(void *), void *arg,
                           const char *name, int32_t priority);
void pyr_zephyr_task_end(void *user, void *task);
int pyr_zephyr_task_reap(void *user, void *task);
int pyr_zephyr_console_read(void *user, uint8_t *buf, size_t len);
int pyr_zephyr_console_write(void *user, const uint8_t *buf, size_t len);
void pyr_zephyr_console_notify(void *user, void *wake);
uintptr_t pyr_zephyr_critical_enter(void *user);
void pyr_zephyr_critical_exit(void *user, uintptr_t state);
size_t pyr_zephyr_entropy(void *user, uint8_t *buf, size_t len);
void pyr_zephyr_running(void *user, uint32_t safepoints);
void pyr_zephyr_fatal(void *user, const char *reason);

#ifdef __cplusplus
}
#endif

#endif
