/* main.c: the smallest firmware with Python: one task that opens a VM and runs a line. */
#include "app.h"
#include "pyrite_freertos.h"

#include <string.h>

static uint8_t memory[32 * 1024] __attribute__((aligned(8)));
static uint8_t ring[16];

static int uart_write(const uint8_t *buf, size_t len) {
    for (size_t i = 0; i < len; i++) board_putc(buf[i]);
    return (int)len;
}
static struct pyr_freertos_console uart = {.ring = ring, .mask = sizeof ring - 1, .write = uart_write};
void app_rx(uint8_t byte) { (void)pyr_freertos_rx(&uart, byte); }

static void say(const char *text) { uart_write((const uint8_t *)text, strlen(text)); }

/* Semihosting's exit, so that QEMU ends. */
static void end(int right) {
    register int r0 __asm("r0") = 0x18;
    register int r1 __asm("r1") = right ? 0x20026 : 0x20023;
    __asm volatile("bkpt 0xab" : : "r"(r0), "r"(r1) : "memory");
    for (;;) {
    }
}
void board_stop(const char *what, int line) {
    (void)line;
    say(what);
    end(0);
    for (;;) {
    }
}
static void fatal(void *user, const char *reason) {
    (void)user;
    board_stop(reason, 0);
}

static const struct pyr_port port = {PYR_FREERTOS_PORT, .clock_us = board_clock_us, .fatal = fatal, .user = &uart};

static void task(void *unused) {
    static const char program[] = "print('a package is enough:', sum(range(10)))\n";
    pyr_vm *vm;
    pyr_entry entry;
    (void)unused;
    int status = pyr_open(memory, sizeof memory, &port, NULL, &vm);
    if (status == PYR_OK) status = pyr_enter(vm, &entry, PYR_FOREVER_MS);
    if (status == PYR_OK) status = pyr_exec(vm, program, sizeof program - 1, "main.py", 0);
    if (status < 0) say(pyr_strerror(status));
    end(status == PYR_OK);
}

void vApplicationIdleHook(void) { __asm volatile("wfi"); }
void vApplicationGetIdleTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t idle;
    static StackType_t idle_stack[configMINIMAL_STACK_SIZE];
    *tcb = &idle;
    *stack = idle_stack;
    *words = configMINIMAL_STACK_SIZE;
}

int main(void) {
    static StaticTask_t python;
    static StackType_t stack[3072 / sizeof(StackType_t)];
    board_init();
    xTaskCreateStatic(task, "python", sizeof stack / sizeof(StackType_t), NULL, 1, stack, &python);
    vTaskStartScheduler();
}
