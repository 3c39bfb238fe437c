/* main.c: one Python program as a Zephyr thread on the host; its status is this program's. */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <cmdline.h>
#include <posix_board_if.h>

#include "pyrite_zephyr.h"

static uint8_t memory[8 << 20] __aligned(8);
PYR_ZEPHYR_CONSOLE(console, DEVICE_DT_GET(DT_CHOSEN(zephyr_console)));
const char *host_variable_get(void *user, const char *name);
int host_variable_set(void *user, const char *name, const char *value);
static const struct pyr_port port = {
    PYR_ZEPHYR_PORT, .variable_get = host_variable_get, .variable_set = host_variable_set, .user = &console};

/* What the program ends with, after what it has left for its end (sys.atexit). */
static int finish(pyr_vm *vm, int result) {
    pyr_ref exception;
    int status;
    if (result >= 0) return 0;
    if (result != PYR_E_EXCEPTION || pyr_exception(vm, &exception) < 0) return 98;
    if (pyr_exc_exit(vm, exception, &status) == 1) return status;
    (void)pyr_exc_print(vm, exception);
    return 1;
}

static int run(const char *path) {
    pyr_entry entry;
    pyr_vm *vm;
    int result = pyr_open(memory, sizeof memory, &port, NULL, &vm);
    if (result < 0 || (result = pyr_enter(vm, &entry, PYR_FOREVER_MS)) < 0 ||
        (result = pyr_set_argv(vm, 1, &path)) < 0) {
        printk("%s\n", pyr_strerror(result));
        return 99;
    }
    pyr_zephyr_console_vm(&console, vm);
    int status = finish(vm, pyr_run_file(vm, path));
    (void)pyr_leave(vm, &entry);
    pyr_zephyr_console_vm(&console, NULL);
    (void)pyr_close(vm); /* threads may still be there: this program ends them */
    return status;
}

int main(void) {
    int count;
    char **words;
    native_get_test_cmd_line_args(&count, &words);
    pyr_zephyr_share_time(k_current_get());
    pyr_zephyr_rx_end(&console, true); /* the UART does not tell that the host's input has ended */
    posix_exit(count == 1 ? run(words[0]) : 97);
    return 0;
}
