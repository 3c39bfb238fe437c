/* port.c: what Rust leaves to C: FreeRTOS's calls are macros of this firmware's configuration, and so is the port over them. */
#define _GNU_SOURCE
#include "pyrite_freertos.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int firmware_write(const uint8_t *buf, size_t len) {
    ssize_t count;
    do count = write(STDOUT_FILENO, buf, len); /* the tick is a signal, which cuts calls short */
    while (count < 0 && errno == EINTR);
    return (int)count;
}

static uint8_t ring[64];
static struct pyr_freertos_console console = {.ring = ring, .mask = sizeof ring - 1, .write = firmware_write};

static uint64_t clock_us(void *user) {
    (void)user;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void fatal(void *user, const char *reason) {
    (void)user, (void)reason;
    abort();
}

const struct pyr_port firmware_port = {PYR_FREERTOS_PORT, .clock_us = clock_us, .fatal = fatal, .user = &console};

/* The Posix port's idle task would spin. */
void vApplicationIdleHook(void) {
    struct timespec t = {.tv_nsec = 1000000};
    nanosleep(&t, NULL);
}
