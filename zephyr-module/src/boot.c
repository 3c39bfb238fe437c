/* boot.c: the interpreter that is there at boot: its memory, its thread, its main program, its REPL.
 *
 * Other threads come in through pyr_zephyr_enter. `guard` protects the handle and the count of visitors; the VM is closed
 * only when there are none, and never while a console or an interrupt may still name it.
 */
#include "boot.h"

#include <zephyr/irq.h>
#include <zephyr/sys/printk.h>

#include <errno.h>
#include <string.h>

#ifdef CONFIG_PYRITE_EXIT_AFTER_MAIN
#include <posix_board_if.h>
#endif

/* ---- Memory -------------------------------------------------------------------------------------------------------------- */

#if DT_HAS_CHOSEN(zephyr_pyrite_heap)
#define MEMORY ((void *)DT_REG_ADDR(DT_CHOSEN(zephyr_pyrite_heap)))
#define MEMORY_LEN ((size_t)DT_REG_SIZE(DT_CHOSEN(zephyr_pyrite_heap)))
BUILD_ASSERT(MEMORY_LEN >= 4096, "the region that zephyr,pyrite-heap chooses is too small: at least 4096 bytes");
BUILD_ASSERT(!IS_ENABLED(CONFIG_ARCH_POSIX), "native_sim has no memory at zephyr,pyrite-heap: set CONFIG_PYRITE_HEAP_SIZE");
#else
static uint8_t memory[CONFIG_PYRITE_HEAP_SIZE] __noinit __aligned(8);
#define MEMORY memory
#define MEMORY_LEN sizeof memory
#endif

/* ---- Console and port -------------------------------------------------------------------------------------------------- */

#ifdef CONFIG_PYRITE_CONSOLE_UART
PYR_ZEPHYR_CONSOLE(pyr_boot_console, DEVICE_DT_GET(DT_CHOSEN(zephyr_console)));
#else
PYR_ZEPHYR_CONSOLE(pyr_boot_console, NULL);
#endif

static const struct pyr_port port = {PYR_ZEPHYR_PORT, .user = &pyr_boot_console};

static const struct pyr_config config = {
    .abi_size = sizeof config,
    .fiber_bytes = CONFIG_PYRITE_FIBER_SIZE,
    .max_tasks = CONFIG_PYRITE_MAX_TASKS,
    .refs = CONFIG_PYRITE_REFS,
    .events = CONFIG_PYRITE_EVENTS,
    .max_threads = CONFIG_PYRITE_MAX_THREADS,
    .thread_stack = CONFIG_PYRITE_THREAD_STACK_SIZE,
};

/* ---- The VM and its visitors ------------------------------------------------------------------------------------------- */

static K_MUTEX_DEFINE(guard);
static K_CONDVAR_DEFINE(changed);
static pyr_vm *open_vm;
static uint32_t visitors;

static void set_open(pyr_vm *vm) {
    k_mutex_lock(&guard, K_FOREVER);
    open_vm = vm;
    k_condvar_broadcast(&changed);
    k_mutex_unlock(&guard);
    pyr_zephyr_console_vm(&pyr_boot_console, vm);
}

static void end_visit(void) {
    k_mutex_lock(&guard, K_FOREVER);
    visitors--;
    k_condvar_broadcast(&changed);
    k_mutex_unlock(&guard);
}

int pyr_zephyr_enter(pyr_entry *entry, k_timeout_t timeout, pyr_vm **vm) {
    if (entry == NULL || vm == NULL) return PYR_E_NULL;
    if (k_is_in_isr()) return PYR_E_INTERRUPT;
    k_timepoint_t end = sys_timepoint_calc(timeout);
    k_mutex_lock(&guard, K_FOREVER);
    int waited = 0;
    while (open_vm == NULL && waited == 0) waited = k_condvar_wait(&changed, &guard, sys_timepoint_timeout(end));
    pyr_vm *found = open_vm;
    if (found != NULL) visitors++;
    k_mutex_unlock(&guard);
    if (found == NULL) return PYR_E_TIMEOUT;
    k_timeout_t left = sys_timepoint_timeout(end);
    uint32_t ms = K_TIMEOUT_EQ(left, K_FOREVER) ? PYR_FOREVER_MS : (uint32_t)k_ticks_to_ms_ceil64((uint64_t)left.ticks);
    int result = pyr_enter(found, entry, ms);
    if (result < 0)
        end_visit();
    else
        *vm = found;
    return result;
}

int pyr_zephyr_leave(pyr_vm *vm, pyr_entry *entry) {
    int result = pyr_leave(vm, entry);
    if (result >= 0) end_visit();
    return result;
}

int pyr_zephyr_interrupt(void) {
    unsigned int key = irq_lock(); /* as pyr_zephyr_rx */
    int result = pyr_boot_console.vm != NULL ? pyr_interrupt(pyr_boot_console.vm) : 0;
    irq_unlock(key);
    return result;
}

/* ---- Programs ------------------------------------------------------------------------------------------------------------ */

int pyr_boot_finish(pyr_vm *vm, int result) {
    pyr_ref exception;
    int status = 0;
    if (result >= 0) return 0;
    if (result != PYR_E_EXCEPTION || pyr_exception(vm, &exception) < 0) {
        printk("pyrite: %s\n", pyr_strerror(result));
        return 1;
    }
    if (pyr_exc_exit(vm, exception, &status) == 1) return status;
    (void)pyr_exc_print(vm, exception);
    return 1;
}

#ifdef PYRITE_HAS_FROZEN
extern const uint8_t pyrite_frozen[];
extern const size_t pyrite_frozen_len;
#endif

#ifdef PYRITE_MAIN_INC
static const char main_source[] = {
#include PYRITE_MAIN_INC
};
#endif

/* What programs may import: the board's devices, C's modules, and those of the image. */
static int add_modules(pyr_vm *vm) {
    int status = 0;
#ifdef CONFIG_PYRITE_MODULE_MACHINE
    status = pyr_boot_finish(vm, pyr_set_machine(vm, &pyr_zephyr_machine));
    if (status != 0) return status;
#endif
#ifdef CONFIG_PYRITE_NATIVES
    const struct pyr_zephyr_module *first;
    size_t count = 0;
    STRUCT_SECTION_GET(pyr_zephyr_module, 0, &first);
    STRUCT_SECTION_COUNT(pyr_zephyr_module, &count);
    BUILD_ASSERT(sizeof *first == sizeof(struct pyr_module *), "the section is an array of pointers");
    status = pyr_boot_finish(vm, pyr_set_modules(vm, &first->module, count));
#endif
#ifdef PYRITE_HAS_FROZEN
    if (status == 0) status = pyr_boot_finish(vm, pyr_set_frozen(vm, pyrite_frozen, pyrite_frozen_len));
#endif
    return status;
}

/* The application's main program, wherever it is: in the image as text or as bytecode, and on a file system. */
static int run_main(pyr_vm *vm) {
    int status = 0;
#ifdef PYRITE_FROZEN_MAIN
    status = pyr_boot_finish(vm, pyr_run_module(vm, "main"));
#endif
#ifdef PYRITE_MAIN_INC
    if (status == 0) status = pyr_boot_finish(vm, pyr_exec(vm, main_source, sizeof main_source, "main.py", 0));
#endif
#ifdef CONFIG_PYRITE_FILES_ZEPHYR
    static const char path[] = CONFIG_PYRITE_FOLDER "/main.py";
    struct pyr_stat known;
    if (status == 0 && port.files->stat(port.files->user, path, &known) == 0) {
        status = pyr_boot_finish(vm, pyr_run_file(vm, path));
    }
#endif
    return status;
}

#ifndef CONFIG_PYRITE_REPL
/* Serves posts until something asks for more; false when the VM was killed or cannot serve. */
static bool serve(pyr_vm *vm) {
    pyr_ref exception;
    int status, result = pyr_serve(vm, PYR_FOREVER_MS);
    if (result >= 0) return true;
    return result == PYR_E_EXCEPTION && pyr_exception(vm, &exception) >= 0 && pyr_exc_exit(vm, exception, &status) == 0;
}
#endif

#ifdef CONFIG_PYRITE_CONSOLE_SHELL
static K_SEM_DEFINE(repl_wanted, 0, 1);
static atomic_t idle;
static void (*repl_done)(void);

int pyr_boot_repl(void (*done)(void)) {
    if (!atomic_cas(&idle, 1, 0)) return -EBUSY;
    repl_done = done;
    k_sem_give(&repl_wanted);
    (void)pyr_zephyr_interrupt();
    return 0;
}

static void serve_all(pyr_vm *vm) {
    do {
        if (k_sem_take(&repl_wanted, K_NO_WAIT) == 0) {
            (void)pyr_boot_finish(vm, pyr_repl(vm, 0));
            repl_done();
        }
        atomic_set(&idle, 1);
    } while (serve(vm));
}
#elif !defined(CONFIG_PYRITE_REPL)
static void serve_all(pyr_vm *vm) {
    while (serve(vm)) {
    }
}
#endif

static int open_and_run(uint32_t *mode) {
    static pyr_entry entry; /* one thread runs this; its stack is for Python */
    pyr_vm *vm;
    int result = pyr_open(MEMORY, MEMORY_LEN, &port, &config, &vm);
    if (result < 0) {
        printk("pyrite: no interpreter: %s%s\n", pyr_strerror(result),
               result == PYR_E_MEMORY ? "; set CONFIG_PYRITE_HEAP_SIZE higher" : "");
        return result;
    }
    result = pyr_enter(vm, &entry, PYR_FOREVER_MS);
    if (result < 0) {
        printk("pyrite: %s\n", pyr_strerror(result));
        return result;
    }
    set_open(vm);
    int status = add_modules(vm);
    if (status == 0 && *mode == 0) status = run_main(vm);
    ARG_UNUSED(status);
#ifdef CONFIG_PYRITE_EXIT_AFTER_MAIN
    (void)pyr_leave(vm, &entry);
    set_open(NULL);
    (void)pyr_close(vm); /* what the program has left for its end; threads and visitors end with the host program */
    posix_exit(status);
#endif
#ifdef CONFIG_PYRITE_REPL
    result = pyr_repl(vm, *mode);
    (void)pyr_boot_finish(vm, result);
    *mode = result == PYR_REPL_END_RAW ? PYR_REPL_RAW : 0;
    (void)pyr_leave(vm, &entry);
    set_open(NULL);
    k_mutex_lock(&guard, K_FOREVER);
    while (visitors > 0) (void)k_condvar_wait(&changed, &guard, K_FOREVER);
    k_mutex_unlock(&guard);
    /* Threads that Python started may still be on their way out. */
    while ((result = pyr_close(vm)) == PYR_E_NESTING || result == PYR_E_TIMEOUT) k_msleep(10);
    printk("MPY: soft reboot\n"); /* what MicroPython's tools wait for */
    return result;
#else
    serve_all(vm);
    (void)pyr_leave(vm, &entry);
    return 1;
#endif
}

static void python(void *a, void *b, void *c) {
    ARG_UNUSED(a), ARG_UNUSED(b), ARG_UNUSED(c);
    uint32_t mode = 0;
    pyr_zephyr_share_time(k_current_get());
    int status = pyr_zephyr_console_start(&pyr_boot_console);
    if (status < 0) printk("pyrite: the console UART gives no input (%d)\n", status);
    while (open_and_run(&mode) == 0) {
    }
}

K_THREAD_DEFINE(pyrite, CONFIG_PYRITE_STACK_SIZE, python, NULL, NULL, NULL, CONFIG_PYRITE_PRIORITY, 0, 0);

bool pyr_boot_owns(const struct k_thread *thread) {
    return thread == pyrite || (uintptr_t)thread - (uintptr_t)MEMORY < MEMORY_LEN;
}
