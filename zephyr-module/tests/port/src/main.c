/* main.c: the port over Zephyr against everything that pyrite_port.h demands (rtos-shims/conformance). */
#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "pyrite_conformance.h"
#include "pyrite_zephyr.h"

PYR_ZEPHYR_CONSOLE(console, NULL);
static const struct pyr_port port = {PYR_ZEPHYR_PORT, .user = &console};

static uint8_t memory[3 * 4096] __aligned(64);

static void say(void *user, const char *line) {
    ARG_UNUSED(user);
    printk("%s\n", line);
}

struct offloaded {
    void (*handler)(void *arg);
    void *arg;
};

static void call(const void *what) {
    const struct offloaded *offloaded = what;
    offloaded->handler(offloaded->arg);
}

static void in_interrupt(void *user, void (*handler)(void *arg), void *arg) {
    struct offloaded offloaded = {handler, arg};
    ARG_UNUSED(user);
    irq_offload(call, &offloaded);
}

int main(void) {
    const struct pyr_conformance config = {
        .memory = memory, .len = sizeof memory, .stack_len = 4096, .say = say, .in_interrupt = in_interrupt};
    int wrong = pyr_conformance(&port, &config);
    printk("port: %s, %d wrong\n", wrong == 0 ? "PASSED" : "FAILED", wrong);
    return 0;
}
