/* freertos.c: the conformance program over the FreeRTOS shim: inside a process (FreeRTOS's Posix port), and on the mps2-an385
 * board in QEMU. Interrupts come from the tick hook in the one, from the NVIC in the other. */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "pyrite_conformance.h"
#include "pyrite_freertos_machine.h"

#define HELPER_PRIORITY 1

static uint8_t ring[64];
static void (*volatile handler)(void *);
static void *volatile handler_arg;

#ifdef __linux__
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MAIN_STACK (256 * 1024)
#define HELPER_STACK (128 * 1024)

static int console_write(const uint8_t *buf, size_t len) { return (int)write(STDOUT_FILENO, buf, len); }
static void end(int status) { _exit(status); }
static uint64_t port_clock(void *user) {
    struct timespec t;
    (void)user;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}
static void start_interrupts(void) {}
static void make_interrupt(void) {}

void vApplicationTickHook(void) {
    pyr_freertos_in_isr = 1;
    void (*call)(void *) = handler;
    if (call != NULL) {
        handler = NULL;
        call(handler_arg);
    }
    pyr_freertos_in_isr = 0;
}
void vApplicationIdleHook(void) {
    struct timespec t = {.tv_nsec = 1000000};
    nanosleep(&t, NULL);
}
#else
#include "app.h"
#include "cortex_m.h"
#include "semihosting.h"

#define MAIN_STACK 3072
#define HELPER_STACK 1536
#define IRQ 31 /* of no device */
#define port_clock board_clock_us

static int console_write(const uint8_t *buf, size_t len) {
    for (size_t i = 0; i < len; i++) board_putc(buf[i]);
    return (int)len;
}
static void end(int status) { semihosting_exit(status); }
void app_rx(uint8_t byte) { (void)byte; }
void board_stop(const char *what, int line) {
    (void)line;
    while (*what != 0) board_putc((uint8_t)*what++);
    board_putc('\n');
    semihosting_exit(99);
}
static void isr(void) {
    handler(handler_arg);
    handler = NULL;
}
/* The vectors lie in flash: a copy with one more entry. */
static void start_interrupts(void) {
    static void *vectors[16 + BOARD_IRQS] __attribute__((aligned(512)));
    volatile uint32_t *const vtor = (volatile uint32_t *)0xE000ED08u;
    void *const *flash = (void *const *)*vtor;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) vectors[i] = flash[i];
    vectors[16 + IRQ] = (void *)isr;
    *vtor = (uint32_t)vectors;
    nvic_enable(IRQ, BOARD_RX_PRIORITY);
}
static void make_interrupt(void) { ((volatile uint32_t *)0xE000E200u)[IRQ >> 5] = 1u << (IRQ & 31); }
void vApplicationIdleHook(void) { __asm volatile("wfi"); }
#endif

static struct pyr_freertos_console console = {.ring = ring, .mask = sizeof ring - 1, .write = console_write};

static void fatal(void *user, const char *reason) {
    (void)user, (void)reason;
    end(99);
}

static const struct pyr_port port = {PYR_FREERTOS_PORT, .clock_us = port_clock, .fatal = fatal, .user = &console};

static void say(void *user, const char *line) {
    (void)user;
    size_t len = 0;
    while (line[len] != 0) len++;
    console_write((const uint8_t *)line, len);
    console_write((const uint8_t *)"\n", 1);
}

static void in_interrupt(void *user, void (*what)(void *), void *arg) {
    (void)user;
    handler_arg = arg;
    handler = what;
    make_interrupt();
    while (handler != NULL) taskYIELD();
}

static void main_task(void *unused) {
    static uint8_t memory[2 * HELPER_STACK + 2048] __attribute__((aligned(16)));
    struct pyr_conformance config = {.memory = memory, .len = sizeof memory, .stack_len = HELPER_STACK, .say = say,
                                     .in_interrupt = in_interrupt};
    (void)unused;
    start_interrupts();
    int wrong = pyr_conformance(&port, &config);
#if configUSE_TIMERS
    if (wrong == 0) wrong = pyr_conformance_timers(&port, &pyr_freertos_timers, &config);
#endif
    end(wrong != 0);
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

void vApplicationGetIdleTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t idle;
    static StackType_t idle_stack[configMINIMAL_STACK_SIZE];
    *tcb = &idle;
    *stack = idle_stack;
    *words = configMINIMAL_STACK_SIZE;
}

int main(void) {
    static StaticTask_t task;
    static StackType_t stack[MAIN_STACK / sizeof(StackType_t)];
#ifndef __linux__
    board_init();
#endif
    xTaskCreateStatic(main_task, "main", MAIN_STACK / sizeof(StackType_t), NULL, HELPER_PRIORITY, stack, &task);
    vTaskStartScheduler();
    return 1;
}
