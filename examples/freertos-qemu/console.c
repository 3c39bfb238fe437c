/* console.c: the UART as Python's console and as the firmware's own, the port, and what FreeRTOS asks of a firmware. */
#include "console.h"

#include "semihosting.h"

static uint8_t ring[BOARD_RX_RING];
static int uart_write(const uint8_t *buf, size_t len) {
    for (size_t i = 0; i < len; i++) board_putc(buf[i]);
    return (int)len;
}
struct pyr_freertos_console uart = {.ring = ring, .mask = sizeof ring - 1, .write = uart_write};

void app_rx(uint8_t byte) { (void)pyr_freertos_rx(&uart, byte); }

void say(const char *text) {
    while (*text != 0) board_putc((uint8_t)*text++);
}

void say_number(const char *before, uint32_t number) {
    char digits[11] = {0};
    size_t at = sizeof digits - 1;
    do digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    say(before);
    say(digits + at);
    say("\r\n");
}

void board_stop(const char *what, int line) {
    say(what);
    say_number(", line ", (uint32_t)line);
    semihosting_exit(99);
}

static void fatal(void *user, const char *reason) {
    (void)user;
    board_stop(reason, 0);
}

const struct pyr_port port = {
    PYR_FREERTOS_PORT,
    .console = PYR_CONSOLE_CRLF,
    .clock_us = board_clock_us,
    .cpu_ticks = board_cpu_ticks,
    .fatal = fatal,
    .files = &semihosting_files,
    .user = &uart,
};

void vApplicationIdleHook(void) { __asm volatile("wfi"); }

void vApplicationGetIdleTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t idle;
    static StackType_t idle_stack[configMINIMAL_STACK_SIZE];
    *tcb = &idle;
    *stack = idle_stack;
    *words = configMINIMAL_STACK_SIZE;
}

#if configUSE_TIMERS
void vApplicationGetTimerTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t timers;
    static StackType_t timers_stack[configTIMER_TASK_STACK_DEPTH];
    *tcb = &timers;
    *stack = timers_stack;
    *words = configTIMER_TASK_STACK_DEPTH;
}
#endif
