/* pyrite_posix_machine.c: machine.Timer over POSIX threads: one thread tells of all timers.
 *
 * The thread posts without the guard, so that a handler's own wake-ups cannot wait for it; who stops a timer waits until the
 * thread is not about to post for it.
 */
#define _GNU_SOURCE
#include "pyrite_posix.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* errno numbers of pyrite_machine.h */
enum { AGAIN = -11, NO_MEMORY = -12, NO_DEVICE = -19, INVALID = -22 };
enum { TIMERS = 16 };
#define FAR_NS (UINT64_MAX / 4)

struct timer {
    struct pyr_notify notify;
    uint64_t due_ns, period_ns;
    int used, armed, periodic, telling;
};

static struct timer timers[TIMERS];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed, told; /* on the monotonic clock */
static int running;

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct timer *next_due(void) {
    struct timer *first = NULL;
    for (int i = 0; i < TIMERS; i++) {
        if (timers[i].armed && (first == NULL || timers[i].due_ns < first->due_ns)) first = &timers[i];
    }
    return first;
}

static void *timer_main(void *arg) {
    (void)arg;
    pthread_mutex_lock(&guard);
    for (;;) {
        struct timer *timer = next_due();
        if (timer == NULL) {
            pthread_cond_wait(&changed, &guard);
            continue;
        }
        if (timer->due_ns > now_ns()) {
            struct timespec at = {.tv_sec = (time_t)(timer->due_ns / 1000000000u),
                                  .tv_nsec = (long)(timer->due_ns % 1000000000u)};
            pthread_cond_timedwait(&changed, &guard, &at);
            continue;
        }
        struct pyr_notify notify = timer->notify;
        timer->due_ns += timer->period_ns;
        timer->armed = timer->periodic;
        timer->telling = 1;
        pthread_mutex_unlock(&guard);
        (void)pyr_notify(&notify, 0);
        pthread_mutex_lock(&guard);
        timer->telling = 0;
        pthread_cond_broadcast(&told);
    }
    return NULL;
}

/* With the guard held. 1 when the thread runs. */
static int start_thread(void) {
    if (running) return 1;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attr);
    pthread_cond_init(&told, &attr);
    pthread_condattr_destroy(&attr);
    /* Signals stay with the program's own threads. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    running = pthread_create(&thread, NULL, timer_main, NULL) == 0;
    if (running) pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return running;
}

/* With the guard held. */
static void disarm(struct timer *timer) {
    timer->armed = 0;
    while (timer->telling) pthread_cond_wait(&told, &guard);
}

static int timer_open(void *user, int32_t number) {
    (void)user;
    if (number != -1) return NO_DEVICE;
    int result = NO_MEMORY;
    pthread_mutex_lock(&guard);
    if (!start_thread()) result = AGAIN;
    for (int i = 0; i < TIMERS && result == NO_MEMORY; i++) {
        if (timers[i].used) continue;
        timers[i].used = 1;
        result = i;
    }
    pthread_mutex_unlock(&guard);
    return result;
}

static int timer_start(void *user, int handle, uint64_t period_us, int periodic, const struct pyr_notify *notify) {
    (void)user;
    struct timer *timer = &timers[handle];
    if (period_us >= FAR_NS / 1000) return INVALID;
    pthread_mutex_lock(&guard);
    disarm(timer);
    timer->notify = *notify;
    timer->period_ns = period_us * 1000;
    timer->due_ns = now_ns() + timer->period_ns;
    timer->periodic = periodic != 0;
    timer->armed = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&guard);
    return 0;
}

static void timer_close(void *user, int handle) {
    (void)user;
    pthread_mutex_lock(&guard);
    disarm(&timers[handle]);
    timers[handle].used = 0;
    pthread_mutex_unlock(&guard);
}

const struct pyr_timer_ops pyr_posix_timers = {
    .abi_size = sizeof pyr_posix_timers,
    .open = timer_open,
    .start = timer_start,
    .close = timer_close,
};
