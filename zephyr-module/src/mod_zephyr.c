/* mod_zephyr.c: the Python module `zephyr`: the kernel seen from Python.
 *
 * MicroPython's names are there with its meanings (current_tid, is_preempt_thread, thread_analyze, shell_exec); threads()
 * and devices() are ours. A list of threads is counted first and filled afterwards, because objects are not made under the
 * kernel's lock: threads that come in between are left out.
 */
#include "pyrite_zephyr.h"

#include <zephyr/debug/thread_analyzer.h>
#include <zephyr/version.h>

#ifdef CONFIG_SHELL_BACKEND_SERIAL
#include <zephyr/shell/shell.h>
#include <zephyr/shell/shell_uart.h>
#endif

#include <string.h>

static int current_tid(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args);
    result->u64 = (uintptr_t)k_current_get();
    return PYR_OK;
}

static int is_preempt_thread(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args);
    result->i32 = k_is_preempt_thread() != 0;
    return PYR_OK;
}

/* ---- Devices ------------------------------------------------------------------------------------------------------------- */

/* A tuple of `n` references, added to a list, in a frame of its own. */
static int add_tuple(pyr_vm *vm, pyr_ref list, const pyr_ref *items, size_t n) {
    pyr_ref tuple;
    int status = pyr_new_tuple(vm, items, n, &tuple);
    return status < 0 ? status : pyr_call_method(vm, list, "append", &tuple, 1, NULL, 0, NULL);
}

static int devices(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(self), ARG_UNUSED(args);
    pyr_ref item[2];
    int status = pyr_new_list(vm, NULL, 0, &result->object);
    STRUCT_SECTION_FOREACH(device, device) {
        const char *name = device->name != NULL ? device->name : "";
        if (status < 0 || (status = pyr_push_frame(vm, 4)) < 0) break;
        status = pyr_new_str(vm, name, strlen(name), &item[0]);
        if (status >= 0) status = pyr_new_bool(vm, device_is_ready(device), &item[1]);
        if (status >= 0) status = add_tuple(vm, result->object, item, 2);
        (void)pyr_pop_frame(vm);
    }
    return status;
}

/* ---- Threads -------------------------------------------------------------------------------------------------------------- */

#ifdef CONFIG_THREAD_MONITOR
struct seen {
    const struct k_thread *thread;
    char name[CONFIG_PYRITE_MODULE_ZEPHYR_NAME];
    int priority;
    uint32_t stack, unused;
};

struct look {
    struct seen found;
    size_t wanted, at; /* which one is wanted */
};

static void look_at(const struct k_thread *thread, void *user) {
    struct look *look = user;
    if (look->at++ != look->wanted) return;
    size_t unused = 0;
    const char *name = k_thread_name_get((k_tid_t)thread);
    look->found.thread = thread;
    strncpy(look->found.name, name != NULL ? name : "", sizeof look->found.name - 1);
    look->found.priority = k_thread_priority_get((k_tid_t)thread);
    look->found.stack = (uint32_t)thread->stack_info.size;
#ifdef CONFIG_INIT_STACKS
    (void)k_thread_stack_space_get(thread, &unused);
#endif
    look->found.unused = (uint32_t)unused;
}

static int threads(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(self), ARG_UNUSED(args);
    int status = pyr_new_list(vm, NULL, 0, &result->object);
    for (size_t i = 0; status >= 0; i++) {
        struct look look = {.wanted = i};
        pyr_ref item[5];
        k_thread_foreach_unlocked(look_at, &look);
        if (look.found.thread == NULL || (status = pyr_push_frame(vm, 7)) < 0) break;
        status = pyr_new_uint(vm, (uintptr_t)look.found.thread, &item[0]);
        if (status >= 0) status = pyr_new_str(vm, look.found.name, strlen(look.found.name), &item[1]);
        if (status >= 0) status = pyr_new_int(vm, look.found.priority, &item[2]);
        if (status >= 0) status = pyr_new_uint(vm, look.found.stack, &item[3]);
        if (status >= 0) status = pyr_new_uint(vm, look.found.unused, &item[4]);
        if (status >= 0) status = add_tuple(vm, result->object, item, 5);
        (void)pyr_pop_frame(vm);
    }
    return status;
}
#define THREADS PYR_FUNCTION_0("threads", threads, PYR_OBJECT),
#else
#define THREADS
#endif

#ifdef CONFIG_THREAD_ANALYZER
static int analyze(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args), ARG_UNUSED(result);
    pyr_zephyr_analyze();
    return PYR_OK;
}
#define ANALYZE PYR_FUNCTION_0("thread_analyze", analyze, PYR_NOTHING),
#else
#define ANALYZE
#endif

/* ---- The shell ------------------------------------------------------------------------------------------------------------ */

#ifdef CONFIG_SHELL_BACKEND_SERIAL
static int run_in_shell(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(self);
    char line[CONFIG_SHELL_CMD_BUFF_SIZE];
    if (args[0].bytes.len >= sizeof line) return PYR_E_RANGE;
    memcpy(line, args[0].bytes.data, args[0].bytes.len);
    line[args[0].bytes.len] = '\0';
    int status = pyr_unlock(vm); /* the command may itself use Python */
    if (status < 0) return status;
    result->i32 = shell_execute_cmd(shell_backend_uart_get_ptr(), line);
    return pyr_lock(vm);
}
static const struct pyr_param shell_params[] = {PYR_PARAM("command", PYR_STR)};
#define SHELL_EXEC PYR_FUNCTION("shell_exec", run_in_shell, shell_params, PYR_INT),
#else
#define SHELL_EXEC
#endif

static const struct pyr_native functions[] = {
    PYR_FUNCTION_0("current_tid", current_tid, PYR_UINT64),
    PYR_FUNCTION_0("is_preempt_thread", is_preempt_thread, PYR_BOOL),
    PYR_FUNCTION_0("devices", devices, PYR_OBJECT),
    THREADS ANALYZE SHELL_EXEC
};

static const struct pyr_constant constants[] = {
    PYR_CONSTANT_STR("board", CONFIG_BOARD_TARGET),
    PYR_CONSTANT("version", KERNEL_VERSION_NUMBER),
};

static const struct pyr_module zephyr = {
    .abi_size = sizeof zephyr,
    .name = "zephyr",
    .functions = functions,
    .n_functions = ARRAY_SIZE(functions),
    .constants = constants,
    .n_constants = ARRAY_SIZE(constants),
};
PYR_ZEPHYR_MODULE(zephyr);
