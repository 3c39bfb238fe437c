/* main.c: one Python program as a Zephyr thread on the host; its status is this program's. */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <cmdline.h>
#include <posix_board_if.h>

#include "pyrite_zephyr.h"

static uint8_t memory[8 << 20] __aligned(8);
PYR_ZEPHYR_CONSOLE(console, DEVICE_DT_GET(DT_CHOSEN(zephyr_console)));
static const struct pyr_port port = {PYR_ZEPHYR_PORT, .user = &console};

static int run(const char *path) {
    pyr_entry entry;
    pyr_ref exception;
    pyr_vm *vm;
    int status;
    int result = pyr_open(memory, sizeof memory, &port, NULL, &vm);
    if (result < 0 || (result = pyr_enter(vm, &entry, PYR_FOREVER_MS)) < 0) {
        printk("%s\n", pyr_strerror(result));
        return 99;
    }
    pyr_zephyr_console_vm(&console, vm);
    result = pyr_run_file(vm, path);
    if (result >= 0) return 0;
    if (result != PYR_E_EXCEPTION || pyr_exception(vm, &exception) < 0) return 98;
    if (pyr_exc_exit(vm, exception, &status) == 1) return status;
    (void)pyr_exc_print(vm, exception);
    return 1;
}

int main(void) {
    int count;
    char **words;
    native_get_test_cmd_line_args(&count, &words);
    (void)pyr_zephyr_console_start(&console);
    posix_exit(count == 1 ? run(words[0]) : 97);
    return 0;
}
