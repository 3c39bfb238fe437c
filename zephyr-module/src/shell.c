/* shell.c: `pyrite` in Zephyr's shell. exec and run work in the shell's own thread, which enters the interpreter at boot;
 * repl hands the shell's input to the interpreter's thread until ctrl-D. */
#include "boot.h"
#ifdef CONFIG_THREAD_MONITOR
#include "looks.h"
#endif

#include <zephyr/shell/shell.h>

#include <errno.h>
#include <string.h>

#define ENTER_TIMEOUT K_SECONDS(5)

#ifdef CONFIG_PYRITE_CONSOLE_SHELL
/* Set before the console writes to it, on another processor maybe. */
static atomic_ptr_t output;

static int to_shell(struct pyr_zephyr_console *console, const uint8_t *buf, size_t len) {
    ARG_UNUSED(console);
    shell_fprintf(atomic_ptr_get(&output), SHELL_NORMAL, "%.*s", (int)len, (const char *)buf);
    return (int)len;
}

static void use(const struct shell *sh) {
    (void)atomic_ptr_set(&output, (void *)sh);
    pyr_boot_console.write = to_shell;
}
#else
static void use(const struct shell *sh) { ARG_UNUSED(sh); }
#endif

static int enter(const struct shell *sh, pyr_entry *entry, pyr_vm **vm) {
    use(sh);
    int result = pyr_zephyr_enter(entry, ENTER_TIMEOUT, vm);
    if (result < 0) shell_error(sh, "%s", result == PYR_E_TIMEOUT ? "Python is busy" : pyr_strerror(result));
    return result;
}

static int cmd_exec(const struct shell *sh, size_t argc, char **argv) {
    pyr_entry entry;
    pyr_vm *vm;
    ARG_UNUSED(argc);
    if (enter(sh, &entry, &vm) < 0) return -EBUSY;
    int status = pyr_boot_finish(vm, pyr_exec(vm, argv[1], strlen(argv[1]), "<shell>", PYR_EXEC_SINGLE));
    (void)pyr_zephyr_leave(vm, &entry);
    return status == 0 ? 0 : -ENOEXEC;
}

static int cmd_run(const struct shell *sh, size_t argc, char **argv) {
    pyr_entry entry;
    pyr_vm *vm;
    ARG_UNUSED(argc);
    if (enter(sh, &entry, &vm) < 0) return -EBUSY;
    int status = pyr_boot_finish(vm, pyr_run_file(vm, argv[1]));
    (void)pyr_zephyr_leave(vm, &entry);
    return status == 0 ? 0 : -ENOEXEC;
}

static int cmd_mem(const struct shell *sh, size_t argc, char **argv) {
    pyr_entry entry;
    pyr_vm *vm;
    struct pyr_memory memory = {.abi_size = sizeof memory};
    ARG_UNUSED(argc), ARG_UNUSED(argv);
    if (enter(sh, &entry, &vm) < 0) return -EBUSY;
    if (pyr_memory(vm, &memory) >= 0) {
        shell_print(sh, "heap %u, used %u, free %u, collections %u", memory.heap, memory.used, memory.free,
                    memory.collections);
    }
    return pyr_zephyr_leave(vm, &entry) < 0 ? -EIO : 0;
}

#ifdef CONFIG_THREAD_MONITOR
/* The interpreter's thread and those that Python started. */
static int cmd_threads(const struct shell *sh, size_t argc, char **argv) {
    struct pyr_thread_look look;
    ARG_UNUSED(argc), ARG_UNUSED(argv);
    for (size_t i = 0; pyr_look_at_nth_thread(i, &look); i++) {
        if (!pyr_boot_owns(look.id)) continue;
        shell_fprintf(sh, SHELL_NORMAL, "%p %-12s %-10s priority %3d, stack %u", (void *)look.id, look.name, look.state,
                      look.priority, look.stack);
        if (IS_ENABLED(CONFIG_INIT_STACKS)) shell_fprintf(sh, SHELL_NORMAL, ", unused %u", look.unused);
        shell_print(sh, "");
    }
    return 0;
}
#define THREADS_COMMAND SHELL_CMD_ARG(threads, NULL, "the threads that run Python", cmd_threads, 1, 0),
#else
#define THREADS_COMMAND
#endif

static int cmd_stop(const struct shell *sh, size_t argc, char **argv) {
    ARG_UNUSED(argc), ARG_UNUSED(argv);
    if (pyr_zephyr_interrupt() > 0) return 0;
    shell_error(sh, "nothing to stop");
    return -ENOENT;
}

#ifdef CONFIG_PYRITE_CONSOLE_SHELL
static void bypass(PYR_ZEPHYR_BYPASS_PARAMETERS(sh, data, len)) {
    ARG_UNUSED(sh);
    for (size_t i = 0; i < len; i++) (void)pyr_zephyr_rx(&pyr_boot_console, data[i]);
}

static void repl_done(void) {
    const struct shell *sh = atomic_ptr_get(&output);
    pyr_zephyr_set_bypass(sh, NULL);
    shell_print(sh, "");
}

static int cmd_repl(const struct shell *sh, size_t argc, char **argv) {
    ARG_UNUSED(argc), ARG_UNUSED(argv);
    use(sh);
    /* Before the prompt begins: it may be over, and have taken the bypass away, when pyr_boot_repl returns. */
    pyr_zephyr_set_bypass(sh, bypass);
    if (pyr_boot_repl(repl_done) == 0) return 0;
    pyr_zephyr_set_bypass(sh, NULL);
    shell_error(sh, "Python is busy");
    return -EBUSY;
}
#define REPL_COMMAND SHELL_CMD_ARG(repl, NULL, "A prompt of Python's; ctrl-D ends it", cmd_repl, 1, 0),
#else
#define REPL_COMMAND
#endif

SHELL_STATIC_SUBCMD_SET_CREATE(
    subcommands,
    SHELL_CMD_ARG(exec, NULL, "exec TEXT: run one statement or print an expression, in quotes", cmd_exec, 2, 0),
    SHELL_CMD_ARG(run, NULL, "run PATH: run a file", cmd_run, 2, 0),
    SHELL_CMD_ARG(mem, NULL, "the interpreter's memory", cmd_mem, 1, 0),
    SHELL_CMD_ARG(stop, NULL, "KeyboardInterrupt for what runs", cmd_stop, 1, 0), THREADS_COMMAND REPL_COMMAND
        SHELL_SUBCMD_SET_END);

SHELL_CMD_REGISTER(pyrite, &subcommands, "Python", NULL);
