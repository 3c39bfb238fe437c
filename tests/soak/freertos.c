/* freertos.c: the soak over FreeRTOS: on a board in QEMU, and inside a process. The interrupt is the tick. */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "pyrite_freertos.h"
#include "soak.h"

#include <string.h>

#ifdef __linux__
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define STACK (256 * 1024)
static uint64_t now_us(void *user) {
    struct timespec t;
    (void)user;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}
static int console_write(const uint8_t *buf, size_t len) { return (int)write(STDOUT_FILENO, buf, len); }
void soak_end(int status) { _exit(status); }
static void board_init(void) {}
void vApplicationIdleHook(void) {
    struct timespec t = {.tv_nsec = 1000000};
    nanosleep(&t, NULL);
}
void vApplicationTickHook(void) {
    pyr_freertos_in_isr = 1;
    soak_interrupt();
    pyr_freertos_in_isr = 0;
}
#else
#include "app.h"
#include "semihosting.h"

#define STACK 4096
#define now_us board_clock_us
/* A line feed takes a carriage return along. */
static int console_write(const uint8_t *buf, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (buf[i] == '\n') board_putc('\r');
        board_putc(buf[i]);
    }
    return (int)len;
}
void soak_end(int status) { semihosting_exit(status); }
void app_rx(uint8_t byte) { (void)byte; }
void board_stop(const char *what, int line) { soak_failed(what, line); }
void vApplicationIdleHook(void) { __asm volatile("wfi"); }
void vApplicationTickHook(void) { soak_interrupt(); }
#endif

static void fatal(void *user, const char *reason) {
    (void)user;
    soak_failed(reason, 0);
}

static uint8_t ring[16];
static struct pyr_freertos_console console = {.ring = ring, .mask = sizeof ring - 1, .write = console_write};
static const struct pyr_port port = {PYR_FREERTOS_PORT, .clock_us = now_us, .fatal = fatal, .user = &console};

const struct pyr_port *soak_port(void) { return &port; }
uint64_t soak_clock_us(void) { return now_us(NULL); }
void soak_write(const char *text) { (void)console_write((const uint8_t *)text, strlen(text)); }
void soak_sleep_ms(uint32_t ms) { vTaskDelay(ms * configTICK_RATE_HZ / 1000); }

static volatile int running, made;

void soak_start(void (*task)(void *arg), const char *name, int priority) {
    static StaticTask_t tasks[SOAK_TASKS];
    static StackType_t stacks[SOAK_TASKS][STACK / sizeof(StackType_t)];
    int i = made++;
    running++;
    (void)xTaskCreateStatic(task, name, STACK / sizeof(StackType_t), NULL, (UBaseType_t)priority, stacks[i], &tasks[i]);
}

void soak_done(void) {
    taskENTER_CRITICAL();
    running--;
    taskEXIT_CRITICAL();
    for (;;) vTaskSuspend(NULL);
}

int soak_running(void) { return running; }

void vApplicationGetIdleTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t idle;
    static StackType_t idle_stack[configMINIMAL_STACK_SIZE];
    *tcb = &idle;
    *stack = idle_stack;
    *words = configMINIMAL_STACK_SIZE;
}

int main(void) {
    board_init();
    soak_start(soak_main, "main", 3);
    vTaskStartScheduler();
    return 1;
}
