/* main.c: a firmware in a terminal: the FreeRTOS kernel, a heartbeat task in C, and Python as a task.
 *
 * usage: pyrite-rtos [script.py [arguments]]
 * With a script: runs it, a heartbeat a second on standard error, ends with its status. Without: a REPL until ctrl-D.
 * Standard input plays a UART: the tick hook, which runs in a signal handler like an interrupt, moves its bytes into the
 * console's ring. Every blocking call may be cut short by the tick signal and is repeated.
 */
#define _GNU_SOURCE
#include "pyrite_freertos_machine.h"
#include "pyrite_posix.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PYTHON_BYTES (2 * 1024 * 1024)
#define PYTHON_STACK (256 * 1024)

static uint8_t memory[PYTHON_BYTES] __attribute__((aligned(16)));
static uint8_t ring[4096];
static int arguments;
static char **argument;
static volatile sig_atomic_t interrupted;

static int write_all(int fd, const uint8_t *buf, size_t len) {
    for (size_t done = 0; done < len;) {
        ssize_t count = write(fd, buf + done, len - done);
        if (count >= 0) {
            done += (size_t)count;
        } else if (errno == EAGAIN) {
            struct pollfd p = {.fd = fd, .events = POLLOUT};
            poll(&p, 1, 10);
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return (int)len;
}

static int console_write(const uint8_t *buf, size_t len) {
    size_t some = len < 65536 ? len : 65536;
    return write_all(STDOUT_FILENO, buf, some);
}

static struct pyr_freertos_console console = {.ring = ring, .mask = sizeof ring - 1, .write = console_write};

static void end_process(int status) {
    pyr_posix_raw(0);
    _exit(status); /* not exit: other threads stand anywhere */
}

static uint64_t clock_us(void *user) {
    (void)user;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static uint32_t cpu_ticks(void *user) {
    (void)user;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)((uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec);
}

static int64_t epoch_us(void *user) {
    (void)user;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void fatal(void *user, const char *reason) {
    (void)user;
    pyr_posix_raw(0);
    fprintf(stderr, "pyrite: fatal: %s\n", reason);
    abort();
}

/* Listings share a table and the C library's memory behind mutexes of the host, of which the kernel knows nothing: a task that
 * was stopped with one would block the process. */
static int files_list(void *user, const char *path) {
    taskENTER_CRITICAL();
    int handle = pyr_posix_files.list(user, path);
    taskEXIT_CRITICAL();
    return handle;
}
static int files_list_next(void *user, int handle, char *name, size_t len, struct pyr_stat *out) {
    taskENTER_CRITICAL();
    int length = pyr_posix_files.list_next(user, handle, name, len, out);
    taskEXIT_CRITICAL();
    return length;
}
static int files_close(void *user, int handle) {
    taskENTER_CRITICAL();
    int status = pyr_posix_files.close(user, handle);
    taskEXIT_CRITICAL();
    return status;
}
static struct pyr_files files;

/* A REPL has the terminal raw, and ends its lines itself; a program's output goes wherever the caller wants it. */
static struct pyr_port port = {
    PYR_FREERTOS_PORT,
    .clock_us = clock_us,
    .cpu_ticks = cpu_ticks,
    .epoch_us = epoch_us,
    .fatal = fatal,
    .files = &files,
    .user = &console,
};

/* The kernel's timers are the devices of this board. */
static const struct pyr_machine machine = {.abi_size = sizeof machine, .timer = &pyr_freertos_timers};

static const struct pyr_config config = {.abi_size = sizeof config, .max_tasks = 1};

/* What a [python] call returned, as the status of a program. */
static int finish(pyr_vm *vm, int result) {
    pyr_ref exception;
    int status = 0;
    if (result >= 0) return 0;
    if (result != PYR_E_EXCEPTION || pyr_exception(vm, &exception) < 0) {
        fprintf(stderr, "pyrite-rtos: %s\n", pyr_strerror(result));
        return 1;
    }
    if (pyr_exc_exit(vm, exception, &status) == 1) return status;
    (void)pyr_exc_print(vm, exception);
    return 1;
}

static void python_task(void *unused) {
    (void)unused;
    pyr_vm *vm;
    pyr_entry entry;
    uint32_t mode = 0;
    if (arguments == 1 && pyr_posix_raw(1)) port.console = PYR_CONSOLE_CRLF;
    for (;;) {
        int result = pyr_open(memory, sizeof memory, &port, &config, &vm);
        if (result < 0 || (result = pyr_enter(vm, &entry, PYR_FOREVER_MS)) < 0 ||
            (result = pyr_set_machine(vm, &machine)) < 0) {
            fprintf(stderr, "pyrite-rtos: %s\n", pyr_strerror(result));
            end_process(1);
        }
        console.vm = vm;
        if (arguments > 1) {
            pyr_set_argv(vm, (size_t)(arguments - 1), (const char *const *)argument + 1);
            end_process(finish(vm, pyr_run_file(vm, argument[1])));
        }
        result = pyr_repl(vm, mode);
        if (result != PYR_REPL_END_RAW) {
            console_write((const uint8_t *)"\r\n", 2);
            end_process(finish(vm, result));
        }
        /* Ctrl-D in the raw REPL asks for a fresh VM, as on a board. */
        mode = PYR_REPL_RAW;
        console.vm = NULL;
        pyr_leave(vm, &entry);
        pyr_close(vm);
        console_write((const uint8_t *)"MPY: soft reboot\r\n", 18);
    }
}

static void heartbeat_task(void *unused) {
    (void)unused;
    char line[32];
    for (unsigned beat = 1;; beat++) {
        vTaskDelay(configTICK_RATE_HZ);
        if (pyr_posix_is_raw()) continue; /* somebody types here */
        int len = snprintf(line, sizeof line, "heartbeat %u\n", beat);
        write_all(STDERR_FILENO, (const uint8_t *)line, (size_t)len);
    }
}

/* The "UART interrupt". Takes no more than the ring has room for; the rest waits in the system's buffer. */
void vApplicationTickHook(void) {
    static int ended;
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    uint8_t bytes[256];
    size_t room = sizeof ring - (uint16_t)(console.head - console.tail);
    int keep = errno;
    pyr_freertos_in_isr = 1;
    if (interrupted && console.vm != NULL) {
        interrupted = 0;
        pyr_interrupt(console.vm);
    }
    if (!ended && room > 0 && poll(&p, 1, 0) > 0) {
        ssize_t count = read(STDIN_FILENO, bytes, room < sizeof bytes ? room : sizeof bytes);
        for (ssize_t i = 0; i < count; i++) pyr_freertos_rx(&console, bytes[i]);
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) {
            ended = 1;
            pyr_freertos_rx_end(&console);
        }
    }
    pyr_freertos_in_isr = 0;
    errno = keep;
}

/* The Posix port's idle task would spin. */
void vApplicationIdleHook(void) {
    struct timespec t = {.tv_nsec = 2000000};
    nanosleep(&t, NULL);
}

void vApplicationGetIdleTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t idle;
    static StackType_t idle_stack[configMINIMAL_STACK_SIZE];
    *tcb = &idle;
    *stack = idle_stack;
    *words = configMINIMAL_STACK_SIZE;
}

void vApplicationGetTimerTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t timers;
    static StackType_t timers_stack[configTIMER_TASK_STACK_DEPTH];
    *tcb = &timers;
    *stack = timers_stack;
    *words = configTIMER_TASK_STACK_DEPTH;
}

static void on_sigint(int number) {
    (void)number;
    interrupted = 1; /* the next tick tells the VM: this handler may run inside the kernel */
}

int main(int argc, char **argv) {
    files = pyr_posix_files;
    files.list = files_list;
    files.list_next = files_list_next;
    files.close = files_close;
    static StaticTask_t python, heartbeat;
    static StackType_t python_stack[PYTHON_STACK / sizeof(StackType_t)];
    static StackType_t heartbeat_stack[configMINIMAL_STACK_SIZE];
    struct sigaction action = {.sa_handler = on_sigint};
    arguments = argc;
    argument = argv;
    sigaction(SIGINT, &action, NULL);
    xTaskCreateStatic(python_task, "python", PYTHON_STACK / sizeof(StackType_t), NULL, 1, python_stack, &python);
    xTaskCreateStatic(heartbeat_task, "heartbeat", configMINIMAL_STACK_SIZE, NULL, 2, heartbeat_stack, &heartbeat);
    vTaskStartScheduler();
    return 1;
}
