/* pyrite_posix.c: the port over POSIX threads.
 *
 * An "interrupt" of this port is a signal handler, or the thread that reads the console. So `wake` and the critical
 * section use only what is safe in a handler: atomics, sem_post, pthread_sigmask. Every blocking call is repeated when a
 * signal cuts it short.
 */
#define _GNU_SOURCE
#include "pyrite_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CTRL_C 3
/* Stack that a signal handler may need on top of what the interrupted code uses. */
#define STACK_RESERVE 16384

static uint64_t clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct timespec timespec_at(uint64_t ns) {
    return (struct timespec){.tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u)};
}

/* The moment `timeout_us` from now on the monotonic clock. */
static uint64_t deadline_ns(uint64_t timeout_us) {
    uint64_t now = clock_ns(CLOCK_MONOTONIC);
    return timeout_us > (UINT64_MAX - now) / 1000 ? UINT64_MAX : now + timeout_us * 1000;
}

/* ---- Time ---------------------------------------------------------------------------------------------------------- */

static uint64_t port_clock_us(void *user) {
    (void)user;
    return clock_ns(CLOCK_MONOTONIC) / 1000;
}

static uint32_t port_cpu_ticks(void *user) {
    (void)user;
    return (uint32_t)clock_ns(CLOCK_MONOTONIC);
}

static int64_t port_epoch_us(void *user) {
    (void)user;
    return (int64_t)(clock_ns(CLOCK_REALTIME) / 1000);
}

/* ---- Mutex: unlock hands over to the longest waiter, which a plain pthread mutex does not ------------------------ */

struct waiter {
    struct waiter *next;
    int owner; /* the mutex was handed to this one */
};

struct mutex {
    pthread_mutex_t guard;
    pthread_cond_t changed;
    struct waiter *first, **last; /* on their threads' stacks */
    int held;
};

static int port_mutex_init(void *user, void *storage) {
    (void)user;
    struct mutex *m = storage;
    memset(m, 0, sizeof *m);
    m->last = &m->first;
    pthread_condattr_t attr;
    int bad = pthread_mutex_init(&m->guard, NULL) || pthread_condattr_init(&attr);
    if (bad) return -1;
    bad = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) || pthread_cond_init(&m->changed, &attr);
    pthread_condattr_destroy(&attr);
    return bad ? -1 : 0;
}

static void mutex_leave_queue(struct mutex *m, struct waiter *w) {
    struct waiter **at = &m->first;
    while (*at != w) at = &(*at)->next;
    *at = w->next;
    if (*at == NULL) m->last = at;
}

static int port_mutex_lock(void *user, void *storage, uint64_t timeout_us) {
    (void)user;
    struct mutex *m = storage;
    pthread_mutex_lock(&m->guard);
    if (!m->held) {
        m->held = 1;
        pthread_mutex_unlock(&m->guard);
        return 1;
    }
    struct waiter self_waiting = {0};
    *m->last = &self_waiting;
    m->last = &self_waiting.next;
    uint64_t end = deadline_ns(timeout_us);
    struct timespec until = timespec_at(end);
    int late = 0;
    while (!self_waiting.owner && !late) {
        if (end == UINT64_MAX)
            pthread_cond_wait(&m->changed, &m->guard);
        else
            late = pthread_cond_timedwait(&m->changed, &m->guard, &until) == ETIMEDOUT;
    }
    if (!self_waiting.owner) mutex_leave_queue(m, &self_waiting);
    pthread_mutex_unlock(&m->guard);
    return self_waiting.owner;
}

static void port_mutex_unlock(void *user, void *storage) {
    (void)user;
    struct mutex *m = storage;
    pthread_mutex_lock(&m->guard);
    struct waiter *next = m->first;
    if (next != NULL) {
        mutex_leave_queue(m, next);
        next->owner = 1;
        pthread_cond_broadcast(&m->changed);
    } else {
        m->held = 0;
    }
    pthread_mutex_unlock(&m->guard);
}

static void port_mutex_end(void *user, void *storage) {
    (void)user;
    struct mutex *m = storage;
    pthread_cond_destroy(&m->changed);
    pthread_mutex_destroy(&m->guard);
}

/* ---- Wake objects ------------------------------------------------------------------------------------------------- */

struct wake {
    sem_t sem;
    atomic_int bit; /* 1 from `wake` to the end of `wait`: keeps the semaphore at 0 or 1 */
};

static int port_wake_init(void *user, void *storage) {
    (void)user;
    struct wake *w = storage;
    atomic_init(&w->bit, 0);
    return sem_init(&w->sem, 0, 0) == 0 ? 0 : -1;
}

static void port_wake(void *user, void *storage) {
    (void)user;
    struct wake *w = storage;
    int keep = errno; /* in a handler, errno belongs to the interrupted code */
    if (!atomic_exchange(&w->bit, 1)) sem_post(&w->sem);
    errno = keep;
}

static int port_wait(void *user, void *storage, uint64_t timeout_us) {
    (void)user;
    struct wake *w = storage;
    uint64_t end = deadline_ns(timeout_us);
    int got = sem_trywait(&w->sem) == 0;
    while (!got) {
        uint64_t now = clock_ns(CLOCK_MONOTONIC);
        if (now >= end) return 0;
        if (end == UINT64_MAX) {
            got = sem_wait(&w->sem) == 0;
        } else {
            /* sem_timedwait counts on the wall clock, which may jump: wait in short slices, measure on the other. */
            uint64_t slice = end - now < 1000000000u ? end - now : 1000000000u;
            struct timespec until = timespec_at(clock_ns(CLOCK_REALTIME) + slice);
            got = sem_timedwait(&w->sem, &until) == 0;
        }
    }
    atomic_exchange(&w->bit, 0);
    return 1;
}

static void port_wake_end(void *user, void *storage) {
    (void)user;
    sem_destroy(&((struct wake *)storage)->sem);
}

/* ---- Tasks --------------------------------------------------------------------------------------------------------- */

static _Thread_local char self;
static _Thread_local volatile sig_atomic_t in_handler;
static _Thread_local uintptr_t stack_end; /* lowest usable address; 0 until first asked */

static uintptr_t port_task_self(void *user) {
    (void)user;
    return in_handler ? 0 : (uintptr_t)&self;
}

static void port_yield_now(void *user) {
    (void)user;
    sched_yield();
}

static size_t port_stack_left(void *user) {
    (void)user;
    if (stack_end == 0) {
#if defined(__APPLE__)
        stack_end = (uintptr_t)pthread_get_stackaddr_np(pthread_self()) - pthread_get_stacksize_np(pthread_self());
#else
        pthread_attr_t attr;
        void *low = NULL;
        size_t size = 0;
        if (pthread_getattr_np(pthread_self(), &attr) == 0) {
            pthread_attr_getstack(&attr, &low, &size);
            pthread_attr_destroy(&attr);
        }
        stack_end = (uintptr_t)low;
#endif
        stack_end += STACK_RESERVE;
    }
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return here > stack_end ? here - stack_end : 0;
}

struct task {
    pthread_t thread;
    void (*entry)(void *);
    void *arg;
    atomic_int ended;
};

static void *task_main(void *storage) {
    struct task *t = storage;
    t->entry(t->arg);
    return NULL;
}

static int port_task_create(void *user, void *storage, void *stack, size_t stack_len, void (*entry)(void *), void *arg,
                            const char *name, int32_t priority) {
    (void)user, (void)stack, (void)stack_len; /* threads have stacks of their own, larger ones */
    if (priority != PYR_PRIORITY_SAME && priority != 0) return -EINVAL; /* there is only one */
    struct task *t = storage;
    t->entry = entry;
    t->arg = arg;
    atomic_init(&t->ended, 0);
    /* Signals stay with the program's own threads. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int bad = pthread_create(&t->thread, NULL, task_main, t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (bad) return -bad;
#if defined(__linux__)
    pthread_setname_np(t->thread, name);
#else
    (void)name;
#endif
    return 0;
}

static void port_task_end(void *user, void *storage) {
    (void)user;
    atomic_store(&((struct task *)storage)->ended, 1);
    pthread_exit(NULL);
}

static int port_task_reap(void *user, void *storage) {
    (void)user;
    struct task *t = storage;
    /* The join is short: the thread has nothing left to do. After it the stack is out of use. */
    return atomic_load(&t->ended) && pthread_join(t->thread, NULL) == 0;
}

/* ---- Console: a thread reads standard input, as an interrupt would fill a ring ------------------------------------ */

static struct {
    pthread_mutex_t guard;
    pthread_cond_t room;
    uint8_t ring[4096];
    unsigned head, tail; /* both count up; their difference is the fill */
    int started, ended;
    void *notify;
    int (*interrupt)(void *arg);
    void *interrupt_arg;
} console = {.guard = PTHREAD_MUTEX_INITIALIZER, .room = PTHREAD_COND_INITIALIZER};

static void *console_main(void *arg) {
    (void)arg;
    for (;;) {
        uint8_t bytes[256];
        ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) {
            struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
            poll(&p, 1, -1);
            continue;
        }
        pthread_mutex_lock(&console.guard);
        for (ssize_t i = 0; i < count; i++) {
            if (bytes[i] == CTRL_C && pyr_posix_is_raw() && console.interrupt != NULL &&
                console.interrupt(console.interrupt_arg))
                continue;
            while (console.head - console.tail == sizeof console.ring) pthread_cond_wait(&console.room, &console.guard);
            console.ring[console.head++ % sizeof console.ring] = bytes[i];
        }
        console.ended = count <= 0;
        if (console.notify != NULL) port_wake(NULL, console.notify);
        pthread_mutex_unlock(&console.guard);
        if (count <= 0) return NULL;
    }
}

/* With the guard held. */
static void console_start(void) {
    if (console.started) return;
    console.started = 1;
    /* Signals stay with the program's own threads. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, console_main, NULL) == 0)
        pthread_detach(thread);
    else
        console.ended = 1;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static int port_console_read(void *user, uint8_t *buf, size_t len) {
    (void)user;
    size_t count = 0;
    pthread_mutex_lock(&console.guard);
    console_start();
    while (count < len && console.head != console.tail) buf[count++] = console.ring[console.tail++ % sizeof console.ring];
    int ended = console.ended;
    if (count > 0) pthread_cond_signal(&console.room);
    pthread_mutex_unlock(&console.guard);
    return count > 0 ? (int)count : ended ? -1 : 0;
}

static int port_console_write(void *user, const uint8_t *buf, size_t len) {
    (void)user;
    for (;;) {
        ssize_t count = write(STDOUT_FILENO, buf, len < INT_MAX ? len : INT_MAX);
        if (count >= 0) return (int)count;
        if (errno == EAGAIN) {
            struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            return -1;
        }
    }
}

static void port_console_notify(void *user, void *wake) {
    (void)user;
    pthread_mutex_lock(&console.guard);
    console_start();
    console.notify = wake;
    if (wake != NULL && (console.ended || console.head != console.tail)) port_wake(NULL, wake);
    pthread_mutex_unlock(&console.guard);
}

static void on_sigint(int signal) {
    (void)signal;
    in_handler++;
    if (console.interrupt != NULL) console.interrupt(console.interrupt_arg);
    in_handler--;
}

void pyr_posix_on_interrupt(int (*call)(void *arg), void *arg) {
    static struct sigaction before;
    static int caught;
    if (caught) sigaction(SIGINT, &before, NULL);
    caught = call != NULL;
    pthread_mutex_lock(&console.guard);
    console.interrupt = call;
    console.interrupt_arg = arg;
    pthread_mutex_unlock(&console.guard);
    if (!caught) return;
    struct sigaction action = {.sa_handler = on_sigint};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &before);
}

/* ---- Critical section: signals off, then a spin lock against the other threads ------------------------------------- */

static atomic_flag critical = ATOMIC_FLAG_INIT;
static _Thread_local sigset_t critical_before;
static _Thread_local uintptr_t critical_depth;

static uintptr_t port_critical_enter(void *user) {
    (void)user;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (critical_depth == 0) {
        while (atomic_flag_test_and_set_explicit(&critical, memory_order_acquire)) sched_yield();
        critical_before = before;
    }
    return critical_depth++;
}

static void port_critical_exit(void *user, uintptr_t state) {
    (void)user;
    critical_depth = state;
    if (state == 0) {
        sigset_t before = critical_before;
        atomic_flag_clear_explicit(&critical, memory_order_release);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
}

/* ---- The rest -------------------------------------------------------------------------------------------------------- */

static size_t port_entropy(void *user, uint8_t *buf, size_t len) {
    (void)user;
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < len) {
        ssize_t count = read(fd, buf + done, len - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += (size_t)count;
    }
    if (fd >= 0) close(fd);
    return done;
}

static const char *port_variable_get(void *user, const char *name) {
    (void)user;
    return getenv(name);
}

static int port_variable_set(void *user, const char *name, const char *value) {
    (void)user;
    return (value != NULL ? setenv(name, value, 1) : unsetenv(name)) == 0 ? 0 : -errno;
}

static void port_fatal(void *user, const char *reason) {
    (void)user;
    pyr_posix_raw(0);
    fprintf(stderr, "pyrite: fatal: %s\n", reason);
    abort();
}

static const struct pyr_port port = {
    .abi_size = sizeof port,
    .mutex_size = sizeof(struct mutex),
    .mutex_align = _Alignof(struct mutex),
    .wake_size = sizeof(struct wake),
    .wake_align = _Alignof(struct wake),
    .task_size = sizeof(struct task),
    .task_align = _Alignof(struct task),
    .stack_align = 0,
    .slice_us = 2000,
    .clock_us = port_clock_us,
    .cpu_ticks = port_cpu_ticks,
    .epoch_us = port_epoch_us,
    .mutex_init = port_mutex_init,
    .mutex_lock = port_mutex_lock,
    .mutex_unlock = port_mutex_unlock,
    .mutex_end = port_mutex_end,
    .wake_init = port_wake_init,
    .wake = port_wake,
    .wait = port_wait,
    .wake_end = port_wake_end,
    .task_self = port_task_self,
    .yield_now = port_yield_now,
    .stack_left = port_stack_left,
    .task_create = port_task_create,
    .task_end = port_task_end,
    .task_reap = port_task_reap,
    .console_read = port_console_read,
    .console_write = port_console_write,
    .console_notify = port_console_notify,
    .critical_enter = port_critical_enter,
    .critical_exit = port_critical_exit,
    .entropy = port_entropy,
    .variable_get = port_variable_get,
    .variable_set = port_variable_set,
    .fatal = port_fatal,
    .files = &pyr_posix_files,
};

const struct pyr_port *pyr_posix_port(void) { return &port; }
