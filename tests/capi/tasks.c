/* tasks.c: what several tasks do to one VM at the wrong moment: posts that find no memory, jobs and natives that leave the
 * VM in another state than they found it, and closing while others wait, come in, or read the console. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pthread_timedjoin_np */
#endif
#include "check.h"
#include "pyrite_posix.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static void pause_ms(int ms) {
    struct timespec t;
    t.tv_sec = ms / 1000;
    t.tv_nsec = ms % 1000 * 1000000L;
    nanosleep(&t, NULL);
}

#define ROOM (32 * 1024)
static uint64_t memory[ROOM / 8];

static pyr_vm *opened(const struct pyr_port *port) {
    pyr_vm *vm = NULL;
    struct pyr_config config;
    memset(&config, 0, sizeof config);
    config.abi_size = sizeof config;
    config.fiber_bytes = 2048;
    config.max_tasks = 3;
    OK(pyr_open(memory, sizeof memory, port, &config, &vm));
    return vm;
}

static pyr_entry stay;

/* ---- A post that finds no memory leaves the stack of the program that it came upon as it was ----------------------- */

static pyr_ref handler;

static int post_large(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)self, (void)args, (void)result;
    return pyr_post(vm, handler, INT32_MAX);
}
static const struct pyr_native post_functions[] = {PYR_FUNCTION_0("post", post_large, PYR_NOTHING)};
static const struct pyr_module post_module = PYR_MODULE("posts", post_functions);
static const struct pyr_module *const post_modules[] = {&post_module};

static void a_post_without_memory(void) {
    pyr_vm *vm = opened(pyr_posix_port());
    OK(pyr_enter(vm, &stay, PYR_FOREVER_MS));
    OK(pyr_set_modules(vm, post_modules, 1));
    RUNS(vm, "from posts import post\nitems = (7, 8, 9)\ngot = []\nsaid = print\n"
             "def note(n):\n    got.append(n)\n"
             "def full():\n"
             "    some = None\n"
             "    try:\n"
             "        while True:\n            some = (some,)\n"
             "    except MemoryError:\n        pass\n"
             "    n = 0\n"
             "    for i in items:\n        post()\n        n += i\n"
             "    some = None\n"
             "    return n\n");
    OK(pyr_keep(vm, eval(vm, "note"), &handler));
    pyr_ref sum;
    int32_t n = 0;
    OK(pyr_eval(vm, "full()", 6, "eval", &sum));
    OK(pyr_get_int32(vm, sum, &n));
    IS(n, 24);
    OK(pyr_leave(vm, &stay));
    OK(pyr_close(vm));
}

/* ---- A job that leaves, or gives the lock away ------------------------------------------------------------------------- */

static int job_result;

static int leaves(pyr_vm *vm, void *arg) {
    (void)arg;
    return job_result = pyr_leave(vm, &stay);
}
static int pops(pyr_vm *vm, void *arg) {
    (void)arg;
    return job_result = pyr_pop_frame(vm);
}
static int unlocks(pyr_vm *vm, void *arg) {
    (void)arg;
    return job_result = pyr_unlock(vm);
}
static int enters(pyr_vm *vm, void *arg) {
    static pyr_entry entry;
    (void)arg;
    return job_result = pyr_enter(vm, &entry, 0);
}
static int fails(pyr_vm *vm, void *arg) {
    (void)arg;
    return job_result = exec(vm, "1 // 0");
}

static void jobs_are_put_right(void) {
    pyr_vm *vm = opened(pyr_posix_port());
    pyr_ref mine;
    int32_t n = 0;
    OK(pyr_enter(vm, &stay, PYR_FOREVER_MS));
    OK(pyr_push_frame(vm, 2));
    OK(pyr_new_int(vm, 5, &mine));
    static const struct {
        int (*job)(pyr_vm *vm, void *arg);
        int result;
    } rows[] = {{leaves, PYR_E_NESTING}, {pops, PYR_E_NESTING}, {unlocks, PYR_OK}, {enters, PYR_OK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        job_result = 99;
        OK(pyr_post_job(vm, rows[i].job, NULL));
        RUNS(vm, "for i in range(3): pass\n");
        IS(job_result, rows[i].result);
        OK(pyr_get_int32(vm, mine, &n));
    }
    /* What a job raised is the job's affair. */
    OK(pyr_post_job(vm, fails, NULL));
    RUNS(vm, "for i in range(3): pass\n");
    IS(job_result, PYR_E_EXCEPTION);
    pyr_ref exception;
    IS(pyr_exception(vm, &exception), PYR_E_MISSING);
    OK(pyr_pop_frame(vm));
    IS(pyr_pop_frame(vm), PYR_E_NESTING);
    /* An entry that is in use is not taken twice. */
    pyr_entry inner;
    IS(pyr_enter(vm, &stay, 0), PYR_E_NESTING);
    OK(pyr_enter(vm, &inner, 0));
    IS(pyr_enter(vm, &stay, 0), PYR_E_NESTING);
    OK(pyr_leave(vm, &inner));
    OK(pyr_leave(vm, &stay));
    OK(pyr_close(vm));
}

/* ---- A native that returns without the lock: another task is inside, and nothing of the VM's changes under it ----------- */

static int stage; /* set and read by two threads */

static void set_stage(int to) { __atomic_store_n(&stage, to, __ATOMIC_SEQ_CST); }
static void wait_for_stage(int from) {
    while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) < from) pause_ms(1);
}

static int gives_away(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)self, (void)args;
    OK(pyr_unlock(vm));
    set_stage(1);
    wait_for_stage(2);
    result->i64 = (int64_t)1 << 40; /* needs memory */
    return PYR_OK;
}
static const struct pyr_native away_functions[] = {PYR_FUNCTION_0("give", gives_away, PYR_INT64)};
static const struct pyr_module away_module = PYR_MODULE("away", away_functions);
static const struct pyr_module *const away_modules[] = {&away_module};

static void *looks(void *arg) {
    pyr_vm *vm = (pyr_vm *)arg;
    pyr_entry entry;
    struct pyr_memory before, after;
    memset(&before, 0, sizeof before);
    before.abi_size = sizeof before;
    after = before;
    wait_for_stage(1);
    OK(pyr_enter(vm, &entry, PYR_FOREVER_MS));
    OK(pyr_memory(vm, &before));
    set_stage(2);
    pause_ms(100);
    OK(pyr_memory(vm, &after));
    IS((int)after.used, (int)before.used);
    OK(pyr_leave(vm, &entry));
    return NULL;
}

static void a_native_without_the_lock(void) {
    pyr_vm *vm = opened(pyr_posix_port());
    pthread_t thread;
    OK(pyr_enter(vm, &stay, PYR_FOREVER_MS));
    OK(pyr_set_modules(vm, away_modules, 1));
    set_stage(0);
    RUNS(vm, "import away\n");
    CHECK(pthread_create(&thread, NULL, looks, vm) == 0);
    RAISES(vm, "away.give()", "RuntimeError", "a C function left frames or locks open");
    CHECK(pthread_join(thread, NULL) == 0);
    OK(pyr_leave(vm, &stay));
    OK(pyr_close(vm));
}

/* ---- Closing ------------------------------------------------------------------------------------------------------------ */

static pyr_vm *shared;

static int never(pyr_vm *vm, void *arg) {
    (void)vm, (void)arg;
    job_result = 1;
    return 1;
}
static void *waits(void *arg) {
    *(int *)arg = pyr_call_posted(shared, never, NULL, PYR_FOREVER_MS);
    return NULL;
}

static void close_tells_who_waits(void) {
    shared = opened(pyr_posix_port());
    pthread_t threads[2];
    int results[2] = {99, 99};
    job_result = 0;
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, waits, &results[i]) == 0);
    pause_ms(100);
    OK(pyr_close(shared));
    memset(memory, 0x5a, sizeof memory); /* it is ours again, and nobody else looks at it */
    for (int i = 0; i < 2; i++) {
        struct timespec end;
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += 60;
        CHECK(pthread_timedjoin_np(threads[i], NULL, &end) == 0);
        IS(results[i], PYR_E_VM);
    }
    IS(job_result, 0);
}

/* A native that keeps a Python thread busy without the lock, until another task is in. */
static int lingers(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)self, (void)args, (void)result;
    OK(pyr_unlock(vm));
    set_stage(1);
    wait_for_stage(2);
    return pyr_lock(vm);
}
static const struct pyr_native linger_functions[] = {PYR_FUNCTION_0("linger", lingers, PYR_NOTHING)};
static const struct pyr_module linger_module = PYR_MODULE("lingers", linger_functions);
static const struct pyr_module *const linger_modules[] = {&linger_module};

static void *comes_late(void *arg) {
    pyr_entry entry;
    int *results = (int *)arg;
    pause_ms(150); /* most often pyr_close waits for the thread by then; if not, it finds this task inside */
    results[0] = pyr_enter(shared, &entry, PYR_FOREVER_MS);
    set_stage(2);
    if (results[0] != PYR_OK) return NULL;
    OK(pyr_unlock(shared));
    wait_for_stage(3);
    results[1] = pyr_lock(shared);
    if (results[1] == PYR_OK) OK(pyr_leave(shared, &entry));
    return NULL;
}

static void close_sees_who_came_in(void) {
    shared = opened(pyr_posix_port());
    pthread_t thread;
    int results[2] = {99, 99};
    OK(pyr_enter(shared, &stay, PYR_FOREVER_MS));
    OK(pyr_set_modules(shared, linger_modules, 1));
    set_stage(0);
    RUNS(shared, "import _thread, lingers\n_thread.start_new_thread(lingers.linger, ())\n");
    OK(pyr_leave(shared, &stay));
    wait_for_stage(1);
    CHECK(pthread_create(&thread, NULL, comes_late, results) == 0);
    /* While the thread is waited for another task comes in: it is not cut off. */
    IS(pyr_close(shared), PYR_E_NESTING);
    set_stage(3);
    CHECK(pthread_join(thread, NULL) == 0);
    OK(results[0]);
    OK(results[1]);
    OK(pyr_close(shared));
}

/* ---- What sys.atexit was given: pyr_close calls it, once --------------------------------------------------------------- */

static struct pyr_port hearing;
static char heard[400];
static size_t heard_len;
static uint64_t fast_us;

static int hear(void *user, const uint8_t *buf, size_t len) {
    (void)user;
    size_t room = sizeof heard - 1 - heard_len, count = len < room ? len : room;
    memcpy(heard + heard_len, buf, count);
    heard_len += count;
    heard[heard_len] = 0;
    return (int)len;
}
/* A tenth of a second passes between two looks. */
static uint64_t fast_clock(void *user) {
    (void)user;
    return fast_us += 100000;
}

static void closes_with(const char *source, const char *expected) {
    pyr_vm *vm = opened(&hearing);
    heard_len = heard[0] = 0;
    OK(pyr_enter(vm, &stay, PYR_FOREVER_MS));
    RUNS(vm, source);
    OK(pyr_leave(vm, &stay));
    OK(pyr_close(vm));
    if (strcmp(heard, expected) != 0) fprintf(stderr, "heard %s\n", heard);
    CHECK(strcmp(heard, expected) == 0);
}

static void *comes_at_the_end(void *arg) {
    pyr_entry entry;
    wait_for_stage(1);
    OK(pyr_enter(shared, &entry, PYR_FOREVER_MS));
    OK(exec(shared, "here = True\n"));
    set_stage(2);
    OK(pyr_unlock(shared));
    wait_for_stage(3);
    OK(pyr_lock(shared));
    OK(pyr_leave(shared, &entry));
    return arg;
}
static int ending(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self, (void)args, (void)result;
    set_stage(1);
    return PYR_OK;
}
static const struct pyr_native end_functions[] = {PYR_FUNCTION_0("ending", ending, PYR_NOTHING)};
static const struct pyr_module end_module = PYR_MODULE("ends", end_functions);
static const struct pyr_module *const end_modules[] = {&end_module};

static void close_calls_what_is_left(void) {
    hearing = *pyr_posix_port();
    hearing.console_write = hear;
    closes_with("import sys\nsys.atexit(lambda: print('the end'))\nprint('first')\n", "first\nthe end\n");
    closes_with("import sys\nsys.atexit(print)\nsys.atexit(None)\n", "");
    closes_with("import sys\ndef again():\n    print('one')\n    sys.atexit(again)\nsys.atexit(again)\n", "one\n");
    closes_with("import sys\nsys.atexit(sys.exit)\n", "");
    closes_with("import sys\nsys.atexit(lambda: 1 // 0)\n",
                "Traceback (most recent call last):\n  File \"test.py\", line 2, in <lambda>\n"
                "ZeroDivisionError: divide by zero\n");
    closes_with("import sys\nsys.atexit(5)\n", "TypeError: 'int' object isn't callable\n");
    /* before threads are told to end, and before finalizers */
    closes_with("import sys, _thread, time\nend = _thread.allocate_lock()\nend.acquire()\n"
                "done = _thread.allocate_lock()\ndone.acquire()\n"
                "def thread():\n    end.acquire()\n    print('thread')\n    done.release()\n"
                "class Last:\n    def __del__(self):\n        print('del')\nlast = Last()\n"
                "def leave():\n    end.release()\n    done.acquire()\n    print('left')\n"
                "_thread.start_new_thread(thread, ())\nsys.atexit(leave)\n",
                "thread\nleft\ndel\n");
    /* It does not keep the VM open for ever. */
    hearing.clock_us = fast_clock;
    closes_with("import sys\ndef stay():\n    while True: pass\nsys.atexit(stay)\n",
                "Traceback (most recent call last):\n  File \"test.py\", line 3, in stay\n"
                "TimeoutError: limit reached\n");
    /* A task that comes in meanwhile is not cut off; what was called is not called again. */
    pthread_t thread;
    hearing.clock_us = pyr_posix_port()->clock_us;
    heard_len = heard[0] = 0;
    set_stage(0);
    shared = opened(&hearing);
    CHECK(pthread_create(&thread, NULL, comes_at_the_end, NULL) == 0);
    OK(pyr_enter(shared, &stay, PYR_FOREVER_MS));
    OK(pyr_set_modules(shared, end_modules, 1));
    RUNS(shared, "import ends, sys, time\nhere = False\n"
                 "def last():\n    ends.ending()\n    while not here: time.sleep_ms(1)\n    print('last')\n"
                 "sys.atexit(last)\n");
    OK(pyr_leave(shared, &stay));
    IS(pyr_close(shared), PYR_E_NESTING);
    wait_for_stage(2);
    set_stage(3);
    CHECK(pthread_join(thread, NULL) == 0);
    OK(pyr_close(shared));
    CHECK(strcmp(heard, "last\n") == 0);
}

/* ---- What the port is given it gets back --------------------------------------------------------------------------------- */

static struct pyr_port counting;
static int alive, refusals;
static const void *notified; /* set by one thread, read by another: with __atomic */

static int mutex_init(void *user, void *mutex) {
    if (refusals == 1) return -1;
    alive++;
    return pyr_posix_port()->mutex_init(user, mutex);
}
static void mutex_end(void *user, void *mutex) {
    alive--;
    pyr_posix_port()->mutex_end(user, mutex);
}
static int wake_init(void *user, void *wake) {
    if (refusals > 1 && --refusals == 1) return -1;
    alive++;
    return pyr_posix_port()->wake_init(user, wake);
}
static void wake_end(void *user, void *wake) {
    alive--;
    pyr_posix_port()->wake_end(user, wake);
}
static int read_nothing(void *user, uint8_t *buf, size_t len) {
    (void)user, (void)buf, (void)len;
    return 0;
}
static void notify(void *user, void *wake) {
    (void)user;
    __atomic_store_n(&notified, (const void *)wake, __ATOMIC_SEQ_CST);
}

static void nothing_is_leaked(void) {
    counting = *pyr_posix_port();
    counting.mutex_init = mutex_init;
    counting.mutex_end = mutex_end;
    counting.wake_init = wake_init;
    counting.wake_end = wake_end;
    pyr_vm *vm = NULL;
    struct pyr_config config;
    memset(&config, 0, sizeof config);
    config.abi_size = sizeof config;
    config.fiber_bytes = 1024;
    config.max_tasks = 3;
    int opens = 0;
    /* In memory of every size, */
    for (size_t size = 64; size <= 16384; size += 64) {
        int status = pyr_open(memory, size, &counting, &config, &vm);
        if (status == PYR_OK) {
            opens++;
            CHECK(alive > 0);
            OK(pyr_close(vm));
        } else {
            IS(status, PYR_E_MEMORY);
        }
        if (alive != 0) {
            IS(alive, 0);
            return;
        }
    }
    CHECK(opens > 0);
    /* and with a port that refuses one of its objects. */
    for (int i = 1; i < 6; i++) {
        refusals = i;
        IS(pyr_open(memory, sizeof memory, &counting, &config, &vm), PYR_E_MEMORY);
        IS(alive, 0);
    }
    refusals = 0;
    /* Alignments are looked at before they are used. */
    counting.stack_align = 12;
    IS(pyr_open(memory, sizeof memory, &counting, &config, &vm), PYR_E_ABI);
}

static void *reads(void *arg) {
    pyr_entry entry;
    OK(pyr_enter(shared, &entry, PYR_FOREVER_MS));
    *(int *)arg = exec(shared, "import sys\nsys.stdin.read(1)\n");
    OK(pyr_leave(shared, &entry));
    return NULL;
}

/* Two VMs share a console: one that is closed does not take it from the one that reads. */
static void a_shared_console(void) {
    static uint64_t room[4096];
    pyr_vm *other = NULL;
    pthread_t thread;
    int result = 99;
    counting = *pyr_posix_port();
    counting.console_read = read_nothing;
    counting.console_notify = notify;
    shared = opened(&counting);
    OK(pyr_open(room, sizeof room, &counting, NULL, &other));
    CHECK(pthread_create(&thread, NULL, reads, &result) == 0);
    while (__atomic_load_n(&notified, __ATOMIC_SEQ_CST) == NULL) pause_ms(1);
    OK(pyr_close(other));
    CHECK(__atomic_load_n(&notified, __ATOMIC_SEQ_CST) != NULL);
    IS(pyr_interrupt(shared), 1);
    CHECK(pthread_join(thread, NULL) == 0);
    IS(result, PYR_E_EXCEPTION);
    CHECK(__atomic_load_n(&notified, __ATOMIC_SEQ_CST) == NULL);
    OK(pyr_close(shared));
}

void test_tasks(pyr_vm *vm) {
    (void)vm;
    a_post_without_memory();
    jobs_are_put_right();
    a_native_without_the_lock();
    close_tells_who_waits();
    close_sees_who_came_in();
    close_calls_what_is_left();
    nothing_is_leaked();
    a_shared_console();
}
