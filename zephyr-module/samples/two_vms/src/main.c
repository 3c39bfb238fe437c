/* main.c: two interpreters in one image, each with its own thread, memory and variables. */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <string.h>

#include "pyrite_zephyr.h"

#define STACK 4096
#define MEMORY (IS_ENABLED(CONFIG_64BIT) ? 131072 : 24576)

PYR_ZEPHYR_CONSOLE(console, NULL); /* printk; each VM could have its own */
static const struct pyr_port port = {PYR_ZEPHYR_PORT, .user = &console};

static const char program[] =
    "import time\n"
    "total = 0\n"
    "for i in range(5):\n"
    "    total += i * factor\n"
    "    time.sleep_ms(20)\n"
    "print('factor', factor, 'total', total)\n";

static K_SEM_DEFINE(done, 0, 2);

static void python(void *memory, void *factor, void *unused) {
    char first[24];
    pyr_entry entry;
    pyr_vm *vm;
    ARG_UNUSED(unused);
    int len = snprintk(first, sizeof first, "factor = %d", (int)(intptr_t)factor);
    int status = pyr_open(memory, MEMORY, &port, NULL, &vm);
    if (status >= 0 && (status = pyr_enter(vm, &entry, PYR_FOREVER_MS)) >= 0) {
        status = pyr_exec(vm, first, (size_t)len, "<c>", 0);
        if (status >= 0) status = pyr_exec(vm, program, strlen(program), "program", 0);
        (void)pyr_leave(vm, &entry);
        (void)pyr_close(vm);
    }
    if (status < 0) printk("%s\n", pyr_strerror(status));
    k_sem_give(&done);
}

static uint8_t memory[2][MEMORY] __aligned(8);
K_THREAD_DEFINE(python_a, STACK, python, memory[0], (void *)3, NULL, 10, 0, 0);
K_THREAD_DEFINE(python_b, STACK, python, memory[1], (void *)10, NULL, 10, 0, 0);

int main(void) {
    (void)k_sem_take(&done, K_FOREVER);
    (void)k_sem_take(&done, K_FOREVER);
    printk("both interpreters are closed\n");
    return 0;
}
