/* mod_zephyr.c: the Python module `zephyr`: the kernel, and what else Zephyr has, seen from Python.
 *
 * MicroPython's names have its meanings (current_tid, is_preempt_thread, thread_analyze, shell_exec, DiskAccess, FlashArea,
 * FileSystem); the others are ours. A class or function is there if its option is on.
 */
#include "zephyr_parts.h"

#include <zephyr/debug/thread_analyzer.h>
#include <zephyr/version.h>

#ifdef CONFIG_SHELL_BACKEND_SERIAL
#include <zephyr/shell/shell.h>
#include <zephyr/shell/shell_uart.h>
#endif

#include <string.h>

static int current_tid(PYR_NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args);
    result->u64 = (uintptr_t)k_current_get();
    return PYR_OK;
}

static int is_preempt_thread(PYR_NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args);
    result->i32 = k_is_preempt_thread() != 0;
    return PYR_OK;
}

/* ---- Devices ------------------------------------------------------------------------------------------------------------- */

static int labels_of(pyr_vm *vm, const struct device *device, pyr_ref *out) {
    int status = pyr_new_list(vm, NULL, 0, out);
    const char *text;
    for (size_t i = 0; status >= 0 && (text = pyr_zephyr_label(device, i)) != NULL; i++) {
        pyr_ref label;
        if ((status = pyr_push_frame(vm, 2)) < 0) break;
        status = pyr_zephyr_text(vm, text, &label);
        if (status >= 0) status = pyr_call_method(vm, *out, "append", &label, 1, NULL, 0, NULL);
        (void)pyr_pop_frame(vm);
    }
    return status;
}

/* devices([name]): all, or those with this name or label. */
static int devices(PYR_NATIVE) {
    ARG_UNUSED(self);
    char name[PYR_NAME_MAX];
    bool one = args[0].bytes.data != NULL;
    int status = one ? pyr_zephyr_name(vm, &args[0], "device", name) : PYR_OK;
    if (status >= 0) status = pyr_new_list(vm, NULL, 0, &result->object);
    STRUCT_SECTION_FOREACH(device, device) {
        pyr_ref item[3];
        if (status < 0) break;
        if (one && !pyr_zephyr_is_named(device, name)) continue;
        if ((status = pyr_push_frame(vm, 5)) < 0) break;
        status = pyr_zephyr_text(vm, device->name, &item[0]);
        if (status >= 0) status = pyr_new_bool(vm, device_is_ready(device), &item[1]);
        if (status >= 0) status = labels_of(vm, device, &item[2]);
        if (status >= 0) status = pyr_zephyr_add_tuple(vm, result->object, item, 3);
        (void)pyr_pop_frame(vm);
    }
    return status;
}
static const struct pyr_param devices_params[] = {PYR_PARAM_OR_NONE("name", PYR_STR)};

/* ---- Stacks, on the console ------------------------------------------------------------------------------------------------ */

#ifdef CONFIG_THREAD_ANALYZER
static int analyze(PYR_NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(result);
    pyr_zephyr_analyze(args[0].u32);
    return PYR_OK;
}
static const struct pyr_param analyze_params[] = {PYR_PARAM_OR("cpu", PYR_UINT, 0)};
#endif

/* ---- The shell ------------------------------------------------------------------------------------------------------------ */

#ifdef CONFIG_SHELL_BACKEND_SERIAL
static int run_in_shell(PYR_NATIVE) {
    ARG_UNUSED(self);
    char line[CONFIG_SHELL_CMD_BUFF_SIZE];
    if (args[0].bytes.len >= sizeof line) return pyr_raise(vm, "ValueError", "longer than CONFIG_SHELL_CMD_BUFF_SIZE");
    memcpy(line, args[0].bytes.data, args[0].bytes.len);
    line[args[0].bytes.len] = '\0';
    int status = pyr_unlock(vm); /* the command may itself use Python */
    if (status < 0) return status;
    result->i32 = shell_execute_cmd(shell_backend_uart_get_ptr(), line);
    return pyr_lock(vm);
}
static const struct pyr_param shell_params[] = {PYR_PARAM("command", PYR_STR)};
#endif

/* ---- The module ------------------------------------------------------------------------------------------------------------ */

static const struct pyr_native functions[] = {
    PYR_FUNCTION_0("current_tid", current_tid, PYR_UINT64),
    PYR_FUNCTION_0("is_preempt_thread", is_preempt_thread, PYR_BOOL),
    PYR_FUNCTION("devices", devices, devices_params, PYR_OBJECT),
    PYR_FUNCTION("kconfig", pyr_zephyr_kconfig, pyr_zephyr_kconfig_params, PYR_OBJECT),
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_THREADS, (PYR_FUNCTION_0("threads", pyr_zephyr_threads, PYR_OBJECT),))
    IF_ENABLED(CONFIG_THREAD_ANALYZER, (PYR_FUNCTION("thread_analyze", analyze, analyze_params, PYR_NOTHING),))
    IF_ENABLED(CONFIG_SHELL_BACKEND_SERIAL, (PYR_FUNCTION("shell_exec", run_in_shell, shell_params, PYR_INT),))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_LOG, (PYR_FUNCTION("log", pyr_zephyr_log, pyr_zephyr_log_params, PYR_NOTHING),))
};

static const struct pyr_constant constants[] = {
    PYR_CONSTANT_STR("board", CONFIG_BOARD_TARGET),
    PYR_CONSTANT("version", KERNEL_VERSION_NUMBER),
};

/* The last entry keeps the list from being empty. */
static const struct pyr_class *const classes[] = {
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_THREADS, (&pyr_zephyr_thread,))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_DISKS, (&pyr_zephyr_disk,))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_FLASH, (&pyr_zephyr_flash,))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_FILESYSTEM, (&pyr_zephyr_filesystem,))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_MESSAGES, (&pyr_zephyr_queue,))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_BUS, (&pyr_zephyr_bus,))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_SETTINGS, (&pyr_zephyr_settings,))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_LOG, (&pyr_zephyr_log_handler,))
    NULL,
};

/* What tables cannot say: attributes of classes that are containers. */
struct more {
    const char *class;
    int (*init)(pyr_vm *vm, pyr_ref class);
};
static const struct more more[] = {
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_DISKS, ({"DiskAccess", pyr_zephyr_disk_init},))
    IF_ENABLED(CONFIG_PYRITE_ZEPHYR_FLASH, ({"FlashArea", pyr_zephyr_flash_init},))
    {NULL, NULL},
};

static int init(pyr_vm *vm, void *user, pyr_ref module) {
    ARG_UNUSED(user);
    for (const struct more *part = more; part->class != NULL; part++) {
        pyr_ref class;
        int status = pyr_getattr(vm, module, part->class, &class);
        if (status >= 0) status = part->init(vm, class);
        if (status < 0) return status;
    }
    return PYR_OK;
}

static const struct pyr_module zephyr = {
    .abi_size = sizeof zephyr,
    .name = "zephyr",
    .functions = functions,
    .n_functions = ARRAY_SIZE(functions),
    .constants = constants,
    .n_constants = ARRAY_SIZE(constants),
    .classes = classes,
    .n_classes = ARRAY_SIZE(classes) - 1,
    .init = init,
};
PYR_ZEPHYR_MODULE(zephyr);
