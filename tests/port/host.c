/* host.c: the conformance program over the POSIX port, which must be right, and over that port broken in one place at a
 * time, where the report must name the place. `host` runs all, `host NUMBER` one broken port, with its whole report. */
#include "pyrite_conformance.h"
#include "pyrite_posix.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM (512 * 1024)

static const struct pyr_port *good;
static const char *wanted; /* the function whose name a line must hold */
static int told, show;

static void say(void *user, const char *line) {
    (void)user;
    if (show) printf("  %s\n", line);
    if (wanted != NULL && strncmp(line, "WRONG", 5) == 0 && strstr(line, wanted) != NULL) told++;
}

static void (*handler)(void *);
static void *handler_arg;
static int on_signal(void *arg) {
    (void)arg;
    handler(handler_arg);
    return 1;
}
static void in_interrupt(void *user, void (*what)(void *), void *arg) {
    (void)user;
    handler = what;
    handler_arg = arg;
    pyr_posix_on_interrupt(on_signal, NULL);
    raise(SIGINT);
    pyr_posix_on_interrupt(NULL, NULL);
}

static int run(const struct pyr_port *port) {
    static char folder[] = "/tmp/pyrite-port-XXXXXX";
    static uint8_t *memory;
    if (memory == NULL) memory = aligned_alloc(16, ROOM);
    if (strstr(folder, "XXXXXX") != NULL && mkdtemp(folder) == NULL) return 1;
    struct pyr_conformance config = {memory, ROOM, 128 * 1024, say, in_interrupt, folder, NULL};
    int wrong = pyr_conformance(port, &config);
    rmdir(folder);
    return wrong;
}

/* ---- Ports that are wrong ------------------------------------------------------------------------------------------- */

static struct pyr_port bad;
static struct pyr_files bad_files;

static uint64_t backwards(void *user) {
    static uint64_t calls;
    return good->clock_us(user) - (++calls % 1000 == 0 ? 5000 : 0);
}
static uint64_t still(void *user) { (void)user; return 5; }
static int lock_always(void *user, void *mutex, uint64_t us) {
    (void)good->mutex_lock(user, mutex, us < 1000 ? us : 1000);
    return 1;
}
static int lock_waits_for_ever(void *user, void *mutex, uint64_t us) { return good->mutex_lock(user, mutex, us + 5000000); }
static int lock_early(void *user, void *mutex, uint64_t us) { return good->mutex_lock(user, mutex, us > 1000 ? us / 3 : us); }
static void unlock_nothing(void *user, void *mutex) { (void)user, (void)mutex; }
/* A plain mutex: whoever runs takes it. */
static int selfish_init(void *user, void *m) { (void)user; return pthread_mutex_init((pthread_mutex_t *)m, NULL); }
static int selfish_lock(void *user, void *m, uint64_t us) {
    (void)user;
    uint64_t end = good->clock_us(NULL) + us;
    while (pthread_mutex_trylock((pthread_mutex_t *)m) != 0) {
        if (us == 0 || good->clock_us(NULL) >= end) return 0;
        usleep(20000);
    }
    return 1;
}
static void selfish_unlock(void *user, void *m) { (void)user; pthread_mutex_unlock((pthread_mutex_t *)m); }
static void selfish_end(void *user, void *m) { (void)user; pthread_mutex_destroy((pthread_mutex_t *)m); }
static void wake_nothing(void *user, void *wake) { (void)user, (void)wake; }
static int wait_forgets(void *user, void *wake, uint64_t us) {
    (void)good->wait(user, wake, 0); /* as a condition variable without a bit: what came before is lost */
    return good->wait(user, wake, us < 2000000 ? us : 2000000);
}
static int wait_hurries(void *user, void *wake, uint64_t us) { return good->wait(user, wake, us / 4); }
static int wait_keeps(void *user, void *wake, uint64_t us) {
    int got = good->wait(user, wake, us);
    if (got) good->wake(user, wake); /* does not clear the bit */
    return got;
}
static int wait_gives_two(void *user, void *wake, uint64_t us) { return good->wait(user, wake, us) * 2; }
static int wake_init_set(void *user, void *wake) {
    int status = good->wake_init(user, wake);
    return status;
}
static int wake_overruns(void *user, void *wake) {
    ((uint8_t *)wake)[good->wake_size] = 1;
    return wake_init_set(user, wake);
}
static int mutex_overruns(void *user, void *mutex) {
    ((uint8_t *)mutex)[good->mutex_size + 2] = 1;
    return good->mutex_init(user, mutex);
}
static uintptr_t self_same(void *user) { return good->task_self(user) != 0 ? 77 : 0; }
static uintptr_t self_in_interrupt(void *user) {
    uintptr_t self = good->task_self(user);
    return self != 0 ? self : 99;
}
static size_t stack_constant(void *user) { (void)user; return 4096; }
static size_t stack_none(void *user) { (void)user; return 0; }
static int create_fails(void *user, void *task, void *stack, size_t len, void (*entry)(void *), void *arg, const char *name,
                        int32_t priority) {
    (void)user, (void)task, (void)stack, (void)len, (void)entry, (void)arg, (void)name, (void)priority;
    return -1;
}
static int reap_never(void *user, void *task) { (void)user, (void)task; return 0; }
static int reap_at_once(void *user, void *task) { (void)user, (void)task; return 1; }
static int write_nothing(void *user, const uint8_t *buf, size_t len) { (void)user, (void)buf, (void)len; return 0; }
static int read_blocks(void *user, uint8_t *buf, size_t len) {
    sleep(4);
    return good->console_read(user, buf, len);
}
static uintptr_t critical_nothing(void *user) { (void)user; return 0; }
static void critical_nothing_exit(void *user, uintptr_t state) { (void)user, (void)state; }
static _Thread_local uintptr_t depth_state;
static uintptr_t critical_flat(void *user) {
    uintptr_t state = good->critical_enter(user);
    if (state == 0) depth_state = state;
    return state;
}
static void critical_flat_exit(void *user, uintptr_t state) { (void)state; good->critical_exit(user, depth_state); }
static size_t entropy_same(void *user, uint8_t *buf, size_t len) { (void)user; memset(buf, 3, len); return len; }
static size_t entropy_over(void *user, uint8_t *buf, size_t len) { (void)user; buf[len] = 3; return len; }
static int stat_positive(void *user, const char *path, struct pyr_stat *out) {
    int status = good->files->stat(user, path, out);
    return status < 0 ? -1 : status;
}
static int32_t read_short(void *user, int handle, void *buf, size_t len) {
    int32_t count = good->files->read(user, handle, buf, len);
    return count == 0 ? -5 : count;
}
static int64_t seek_nowhere(void *user, int handle, int64_t offset, int origin) {
    (void)good->files->seek(user, handle, offset, origin);
    return 0;
}
static int close_always(void *user, int handle) { (void)good->files->close(user, handle); return 0; }

struct breakage {
    const char *about, *wanted;
    void (*make)(void);
};

#define BREAK(name, change)                                                                                            \
    static void name(void) { change; }
BREAK(b_size, bad.abi_size = 8)
BREAK(b_null, bad.critical_exit = NULL)
BREAK(b_group, bad.task_reap = NULL)
BREAK(b_align, bad.wake_align = 3)
BREAK(b_back, bad.clock_us = backwards)
BREAK(b_still, bad.clock_us = still)
BREAK(b_lock, bad.mutex_lock = lock_always)
BREAK(b_lock_late, bad.mutex_lock = lock_waits_for_ever)
BREAK(b_lock_early, bad.mutex_lock = lock_early)
BREAK(b_unlock, bad.mutex_unlock = unlock_nothing)
BREAK(b_selfish, bad.mutex_init = selfish_init; bad.mutex_lock = selfish_lock; bad.mutex_unlock = selfish_unlock;
      bad.mutex_end = selfish_end)
BREAK(b_wake, bad.wake = wake_nothing)
BREAK(b_forgets, bad.wait = wait_forgets)
BREAK(b_hurries, bad.wait = wait_hurries)
BREAK(b_keeps, bad.wait = wait_keeps)
BREAK(b_two, bad.wait = wait_gives_two)
BREAK(b_wake_over, bad.wake_init = wake_overruns)
BREAK(b_mutex_over, bad.mutex_init = mutex_overruns)
BREAK(b_self, bad.task_self = self_same)
BREAK(b_self_isr, bad.task_self = self_in_interrupt)
BREAK(b_stack, bad.stack_left = stack_constant)
BREAK(b_no_stack, bad.stack_left = stack_none)
BREAK(b_create, bad.task_create = create_fails)
BREAK(b_reap, bad.task_reap = reap_never)
BREAK(b_reap_early, bad.task_reap = reap_at_once)
BREAK(b_write, bad.console_write = write_nothing)
BREAK(b_read, bad.console_read = read_blocks)
BREAK(b_critical, bad.critical_enter = critical_nothing; bad.critical_exit = critical_nothing_exit)
BREAK(b_flat, bad.critical_enter = critical_flat; bad.critical_exit = critical_flat_exit)
BREAK(b_entropy, bad.entropy = entropy_same)
BREAK(b_entropy_over, bad.entropy = entropy_over)
BREAK(b_stat, bad_files.stat = stat_positive)
BREAK(b_file_read, bad_files.read = read_short)
BREAK(b_seek, bad_files.seek = seek_nowhere)
BREAK(b_close, bad_files.close = close_always)
BREAK(b_files_size, bad_files.abi_size = 3)

static const struct breakage breakages[] = {
    {"table of another size", "abi_size", b_size},
    {"a function missing", "critical_exit", b_null},
    {"half of a group missing", "task_reap", b_group},
    {"an alignment that is none", "wake_align", b_align},
    {"a clock that goes back", "clock_us", b_back},
    {"a clock that stands still", "clock_us", b_still},
    {"a mutex that is always free", "mutex_lock", b_lock},
    {"a lock without timeout", "mutex_lock", b_lock_late},
    {"a lock that gives up early", "mutex_lock", b_lock_early},
    {"an unlock that does nothing", "mutex_lock", b_unlock},
    {"an unlock that does not hand over", "mutex_unlock", b_selfish},
    {"a wake that does nothing", "wait", b_wake},
    {"a wait that forgets earlier wakes", "wait", b_forgets},
    {"a wait that ends early", "wait", b_hurries},
    {"a wait that does not clear the bit", "wake", b_keeps},
    {"a wait with another result", "wait", b_two},
    {"a wake object larger than it says", "wake_size", b_wake_over},
    {"a mutex larger than it says", "mutex_size", b_mutex_over},
    {"tasks that are all the same", "task_self", b_self},
    {"an interrupt that is a task", "task_self", b_self_isr},
    {"a stack that never shrinks", "stack_left", b_stack},
    {"a stack that is always full", "stack_left", b_no_stack},
    {"no task can be made", "task_create", b_create},
    {"tasks are never reaped", "task_reap", b_reap},
    {"tasks are reaped alive", "task_reap", b_reap_early},
    {"a console that takes nothing", "console_write", b_write},
    {"a console that blocks", "console_read", b_read},
    {"a critical section that does nothing", "critical_enter", b_critical},
    {"a critical section that does not nest", "critical_enter", b_flat},
    {"no chance in the entropy", "entropy", b_entropy},
    {"entropy beyond the buffer", "entropy", b_entropy_over},
    {"another errno", "files->stat", b_stat},
    {"an error at the end of a file", "files->read", b_file_read},
    {"seek tells no position", "files->seek", b_seek},
    {"any handle can be closed", "files->close", b_close},
    {"table of files of another size", "files->abi_size", b_files_size},
};
#define COUNT (sizeof breakages / sizeof breakages[0])

static int broken(size_t i) {
    bad = *good;
    bad_files = *good->files;
    bad.files = &bad_files;
    breakages[i].make();
    wanted = breakages[i].wanted;
    told = 0;
    int wrong = run(&bad);
    return wrong > 0 && told > 0;
}

int main(int argc, char **argv) {
    good = pyr_posix_port();
    setvbuf(stdout, NULL, _IOLBF, 0);
    show = 1;
    /* Broken ports race by nature: the sanitizers get the right one. */
    if (argc > 1 && strcmp(argv[1], "right") == 0) return run(good) != 0;
    show = 0;
    if (argc > 1) {
        size_t i = (size_t)atoi(argv[1]);
        if (i >= COUNT) return 2;
        show = argc > 2;
        int found = broken(i);
        printf("%s: %s\n", breakages[i].about, found ? "found" : "NOT FOUND");
        /* Tasks of a broken port may still hang somewhere. */
        fflush(stdout);
        _exit(!found);
    }
    show = 1;
    if (run(good) != 0) return 1;
    struct pyr_conformance timers = {.say = say};
    if (pyr_conformance_timers(good, &pyr_posix_timers, &timers) != 0) return 1;
    /* Each in a process of its own: what it breaks, it breaks for itself. */
    size_t found = 0;
    for (size_t i = 0; i < COUNT; i++) {
        char command[300];
        snprintf(command, sizeof command, "timeout 60 '%s' %zu </dev/null", argv[0], i);
        found += system(command) == 0;
    }
    printf("%zu of %zu broken ports found\n", found, COUNT);
    return found != COUNT;
}
