/* threads.c: the soak over plain POSIX threads, for the sanitizers. The interrupt is a thread of its own: everything that is legal
 * from an interrupt is legal there. Priorities do not count. */
#define _GNU_SOURCE
#include "pyrite_posix.h"
#include "soak.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct pyr_port *soak_port(void) { return pyr_posix_port(); }

uint64_t soak_clock_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

void soak_write(const char *text) {
    if (write(STDOUT_FILENO, text, strlen(text)) < 0) _exit(98);
}

void soak_end(int status) { _exit(status); }

void soak_sleep_ms(uint32_t ms) {
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

static atomic_int running;
static pthread_t threads[SOAK_TASKS];
static int made;
static struct {
    void (*task)(void *arg);
} tasks[SOAK_TASKS];

static void *run(void *index) {
    tasks[(size_t)index].task(NULL);
    return NULL;
}

void soak_start(void (*task)(void *arg), const char *name, int priority) {
    (void)name, (void)priority;
    int i = made++;
    running++;
    tasks[i].task = task;
    if (pthread_create(&threads[i], NULL, run, (void *)(size_t)i) != 0 || pthread_detach(threads[i]) != 0)
        soak_failed("no thread", __LINE__);
}

void soak_done(void) {
    running--;
    pthread_exit(NULL);
}

int soak_running(void) { return running; }

static void *tick(void *arg) {
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (;;) {
        next.tv_nsec += 1000000;
        if (next.tv_nsec >= 1000000000) next.tv_nsec -= 1000000000, next.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
        soak_interrupt();
    }
    return arg;
}

int main(void) {
    pthread_t ticker;
    if (pthread_create(&ticker, NULL, tick, NULL) != 0 || pthread_detach(ticker) != 0) return 1;
    running++;
    soak_main(NULL);
    return 1;
}
