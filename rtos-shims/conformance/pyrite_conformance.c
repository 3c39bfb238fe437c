/* pyrite_conformance.c: the tests of a port. Each says in a line what the port did and what pyrite_port.h asks for.
 *
 * No wait is without an end, but where the text says so in a helper task: a port that is wrong is told, and does not hang
 * the report. Objects lie between guard words, which show a port that uses more than the sizes in its table.
 */
#include "pyrite_conformance.h"

#include <string.h>

#define GUARD 0x5afec0deu
#define MS 1000u
/* What the clocks of a port and its ticks may differ by, and how late a loaded machine may be. */
#define EARLY_US (12 * MS)
#define LATE_US (3000 * MS)

static const struct pyr_port *port;
static const struct pyr_conformance *config;
static uint8_t *room;
static size_t room_left;
static int wrong;

/* ---- The report ---------------------------------------------------------------------------------------------------- */

static size_t append(char *line, size_t at, size_t size, const char *text) {
    while (*text != 0 && at + 1 < size) line[at++] = *text++;
    line[at] = 0;
    return at;
}

static size_t append_number(char *line, size_t at, size_t size, int64_t number) {
    char digits[24];
    size_t first = sizeof digits - 1;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    digits[first] = 0;
    do digits[--first] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0) digits[--first] = '-';
    return append(line, at, size, digits + first);
}

static void report(const char *mark, const char *function, const char *text, const int64_t *number) {
    char line[160];
    size_t at = append(line, 0, sizeof line, mark);
    at = append(line, at, sizeof line, function);
    at = append(line, at, sizeof line, ": ");
    at = append(line, at, sizeof line, text);
    if (number != NULL) {
        at = append(line, at, sizeof line, " ");
        append_number(line, at, sizeof line, *number);
    }
    config->say(config->user, line);
}

/* `text` says what must hold. */
static int must(int holds, const char *function, const char *text) {
    if (holds) return 1;
    wrong++;
    report("WRONG  ", function, text, NULL);
    return 0;
}

/* The same with the number that came. */
static int must_be(int holds, const char *function, const char *text, int64_t number) {
    if (holds) return 1;
    wrong++;
    report("WRONG  ", function, text, &number);
    return 0;
}

static void right(const char *function, const char *text) { report("ok     ", function, text, NULL); }
static void skipped(const char *function, const char *text) { report("not tested  ", function, text, NULL); }

/* ---- Storage ------------------------------------------------------------------------------------------------------- */

static void *take(size_t size, size_t align) {
    if (align == 0) align = 1;
    uintptr_t at = ((uintptr_t)room + align - 1) & ~(uintptr_t)(align - 1);
    size_t skip = at - (uintptr_t)room;
    if (skip + size > room_left) return NULL;
    room = (uint8_t *)at + size;
    room_left -= skip + size;
    return (void *)at;
}

struct guarded {
    uint8_t *bytes;
    size_t size;
};

/* Storage with guards before and behind it. */
static struct guarded guarded(size_t size, size_t align) {
    static const uint32_t guard = GUARD;
    struct guarded g = {NULL, size};
    if (align < 8) align = 8;
    uint8_t *all = take(align + size + sizeof guard, align);
    if (all == NULL) {
        must(0, "pyr_conformance", "config.memory is too small");
        return g;
    }
    g.bytes = all + align;
    memcpy(g.bytes - sizeof guard, &guard, sizeof guard);
    memset(g.bytes, 0xa5, size);
    memcpy(g.bytes + size, &guard, sizeof guard);
    return g;
}

static void check_guards(const struct guarded *g, const char *function, const char *text) {
    static const uint32_t guard = GUARD;
    must(memcmp(g->bytes - sizeof guard, &guard, sizeof guard) == 0 && memcmp(g->bytes + g->size, &guard, sizeof guard) == 0,
         function, text);
}

/* ---- Helper tasks --------------------------------------------------------------------------------------------------- */

/* What one task tells another, where both may run at the same time. */
#ifdef __GNUC__
#define GET(flag) __atomic_load_n(&(flag), __ATOMIC_ACQUIRE)
#define SET(flag, value) __atomic_store_n(&(flag), (value), __ATOMIC_RELEASE)
#else
#define GET(flag) (flag)
#define SET(flag, value) ((flag) = (value))
#endif

struct helper {
    struct guarded task;
    void *stack;
    void (*run)(struct helper *);
    void *object;      /* what it works on */
    volatile int step; /* how far it has come: GET and SET, as `go` */
    volatile int go;   /* how far it may go */
    volatile int64_t result; /* looked at after `step` says that it is there */
    int lost;          /* it did not end: its storage is in use */
};

static struct helper helpers[2];

static uint64_t now(void) { return port->clock_us(port->user); }

static void helper_main(void *arg) {
    struct helper *h = arg;
    h->run(h);
    port->task_end(port->user, h->task.bytes);
    for (;;) SET(h->step, -1); /* task_end returned */
}

static int has_tasks(void) { return port->task_create != NULL && helpers[0].stack != NULL; }

static int start(struct helper *h, void (*run)(struct helper *), void *object) {
    if (h->lost) {
        skipped("task_create", "a helper task of an earlier test still runs");
        return 0;
    }
    h->run = run;
    h->object = object;
    SET(h->step, 0);
    SET(h->go, 0);
    h->result = 0;
    int status = port->task_create(port->user, h->task.bytes, port->stack_align > 0 ? h->stack : NULL, config->stack_len,
                                   helper_main, h, "helper", PYR_PRIORITY_SAME);
    h->lost = status == 0;
    return must_be(status == 0, "task_create", "must give 0; it gave", status);
}

/* Lets others run until the helper has come so far: 0 when it does not within two seconds. */
static int reaches(struct helper *h, int step) {
    uint64_t end = now() + 2000 * MS;
    for (uint32_t turns = 0; GET(h->step) < step; turns++) {
        port->yield_now(port->user);
        if (now() > end || turns > 200000000u) return 0;
    }
    return 1;
}

/* The same for helpers that count their work: they have as long as they get on, however slow the machine is. */
static int reaches_at_work(struct helper *h, int step, volatile uint32_t *work) {
    for (int idle = 0; idle < 4;) {
        uint32_t seen = GET(*work);
        if (reaches(h, step)) return 1;
        idle = GET(*work) == seen ? idle + 1 : 0;
    }
    return 0;
}

static void pause_ms(uint32_t ms) {
    uint64_t end = now() + ms * MS;
    for (uint32_t turns = 0; now() < end && turns < 200000000u; turns++) port->yield_now(port->user);
}

/* Waits for the helper's end and takes its storage back. */
static int finish(struct helper *h) {
    uint64_t end = now() + 2000 * MS;
    for (;;) {
        int status = port->task_reap(port->user, h->task.bytes);
        if (status == 1) break;
        if (!must_be(status == 0, "task_reap", "must give 0 or 1; it gave", status)) return 0;
        port->yield_now(port->user);
        if (!must(now() < end, "task_reap", "must give 1 soon after task_end")) return 0;
    }
    h->lost = 0;
    must(GET(h->step) != -1, "task_end", "must not return");
    check_guards(&h->task, "task_create", "must not use more than task_size bytes");
    return 1;
}

/* ---- The table ------------------------------------------------------------------------------------------------------ */

static int power_of_two(unsigned n) { return n != 0 && (n & (n - 1)) == 0; }

static int test_table(void) {
    int before = wrong;
#define GIVEN(name) must(port->name != NULL, #name, "must not be NULL")
    if (!must_be(port->abi_size == sizeof(struct pyr_port), "abi_size", "must be sizeof(struct pyr_port); it is",
                 (int64_t)port->abi_size))
        return 0;
    GIVEN(clock_us), GIVEN(mutex_init), GIVEN(mutex_lock), GIVEN(mutex_unlock), GIVEN(mutex_end);
    GIVEN(wake_init), GIVEN(wake), GIVEN(wait), GIVEN(wake_end);
    GIVEN(task_self), GIVEN(yield_now), GIVEN(stack_left);
    GIVEN(console_read), GIVEN(console_write), GIVEN(console_notify);
    GIVEN(critical_enter), GIVEN(critical_exit), GIVEN(fatal);
    must(port->mutex_size > 0 && power_of_two(port->mutex_align), "mutex_size, mutex_align", "must be a size and a power of two");
    must(port->wake_size > 0 && power_of_two(port->wake_align), "wake_size, wake_align", "must be a size and a power of two");
    must(port->stack_align == 0 || power_of_two(port->stack_align), "stack_align", "must be 0 or a power of two");
    must((port->console & ~(unsigned)PYR_CONSOLE_CRLF) == 0, "console", "has bits that mean nothing");
    int some = (port->task_create != NULL) + (port->task_end != NULL) + (port->task_reap != NULL);
    must(some == 0 || some == 3, "task_create, task_end, task_reap", "must be all there or all NULL");
    if (some == 3) must(power_of_two(port->task_align), "task_align", "must be a power of two");
    if (port->files != NULL)
        must_be(port->files->abi_size == sizeof(struct pyr_files), "files->abi_size", "must be sizeof(struct pyr_files); it is",
                (int64_t)port->files->abi_size);
    if (wrong == before) right("table", "sizes and required functions are there");
    return wrong == before;
}

/* ---- Time ----------------------------------------------------------------------------------------------------------- */

static int test_time(void) {
    int before = wrong;
    uint64_t first = now(), last = first;
    uint32_t turns = 0;
    while (last == first && turns++ < 100000000u) last = now();
    if (!must(last != first, "clock_us", "must advance; it stood still for 100 million calls")) return 0;
    for (turns = 0; turns < 20000; turns++) {
        uint64_t next = now();
        if (!must(next >= last, "clock_us", "must not go back")) return 0;
        last = next;
    }
    if (port->cpu_ticks != NULL) {
        uint32_t tick = port->cpu_ticks(port->user);
        for (turns = 0; turns < 10000000u && port->cpu_ticks(port->user) == tick; turns++) {}
        must(turns < 10000000u, "cpu_ticks", "must advance");
    } else {
        skipped("cpu_ticks", "it is NULL: time.ticks_cpu counts microseconds");
    }
    if (port->epoch_us != NULL) {
        int64_t wall = port->epoch_us(port->user);
        must_be(wall >= 0, "epoch_us", "must count from 1970 on; it gave", wall);
        if (wall < INT64_C(1600000000000000)) report("note   ", "epoch_us", "is before 2020: nobody has set the clock", NULL);
    }
    if (wrong == before) right("clock_us", "advances and never goes back");
    return 1;
}

/* ---- Wake objects --------------------------------------------------------------------------------------------------- */

static void wake_soon(struct helper *h) {
    while (GET(h->go) == 0) port->yield_now(port->user);
    SET(h->step, 1);
    pause_ms(20);
    port->wake(port->user, h->object);
    SET(h->step, 2);
}

/* Waits without end: the only such wait, in a task that nobody needs if it never comes back. */
static void wait_for_ever(struct helper *h) {
    SET(h->step, 1);
    h->result = port->wait(port->user, h->object, PYR_FOREVER);
    SET(h->step, 2);
}

static void wake_in_handler(void *wake) { port->wake(port->user, wake); }

/* Takes what a port may keep, so that the object is not set. 0 if it always is. */
static int drain(void *wake) {
    for (int i = 0; i < 20; i++)
        if (port->wait(port->user, wake, 0) == 0) return 1;
    return 0;
}

static void check_elapsed(uint64_t from, uint32_t us, const char *function) {
    int64_t elapsed = (int64_t)(now() - from);
    must_be(elapsed + EARLY_US >= us, function, "ended before its timeout; microseconds:", elapsed);
    must_be(elapsed <= us + LATE_US, function, "ended long after its timeout; microseconds:", elapsed);
}

static void test_wake(void) {
    int before = wrong;
    struct guarded storage = guarded(port->wake_size, port->wake_align);
    if (storage.bytes == NULL) return;
    void *wake = storage.bytes;
    if (!must(port->wake_init(port->user, wake) == 0, "wake_init", "must give 0")) return;
    must(drain(wake), "wake_init", "must make an object that is not set");

    uint64_t from = now();
    int woken = port->wait(port->user, wake, 60 * MS);
    if (must_be(woken == 0, "wait", "must give 0 when the time runs out; it gave", woken)) check_elapsed(from, 60 * MS, "wait");

    port->wake(port->user, wake);
    from = now();
    woken = port->wait(port->user, wake, 2 * LATE_US);
    must_be(woken == 1, "wait", "must give 1 for a wake that came before it; it gave", woken);
    must(now() - from < LATE_US, "wait", "must not miss a wake that came before it");
    for (int i = 0; i < 5; i++) port->wake(port->user, wake);
    port->wait(port->user, wake, 0);
    must(drain(wake), "wake", "must not count: one wait clears it, however often it was set");

    if (has_tasks()) {
        struct helper *h = &helpers[0];
        if (start(h, wake_soon, wake)) {
            drain(wake);
            SET(h->go, 1);
            from = now();
            woken = 0;
            while (woken == 0 && now() - from < LATE_US) woken = port->wait(port->user, wake, 500 * MS);
            must(woken == 1, "wake", "must end the wait of another task");
            if (must(reaches(h, 2), "wake", "must not block its caller")) finish(h);
        }
        drain(wake); /* before the helper is there: an object has one waiter */
        if (start(h, wait_for_ever, wake)) {
            reaches(h, 1);
            pause_ms(50);
            int early = GET(h->step);
            port->wake(port->user, wake);
            if (must(reaches(h, 2), "wait", "with PYR_FOREVER must end when the object is set")) {
                must(early != 2, "wait", "with PYR_FOREVER must not end before the object is set");
                must_be(h->result == 1, "wait", "with PYR_FOREVER must give 1; it gave", h->result);
                finish(h);
            }
        }
    }
    if (config->in_interrupt != NULL) {
        drain(wake);
        config->in_interrupt(config->user, wake_in_handler, wake);
        woken = port->wait(port->user, wake, 1000 * MS);
        must_be(woken == 1, "wake", "must work in an interrupt; the wait afterwards gave", woken);
        drain(wake);
        if (has_tasks() && start(&helpers[0], wait_for_ever, wake)) {
            reaches(&helpers[0], 1);
            pause_ms(30);
            config->in_interrupt(config->user, wake_in_handler, wake);
            if (must(reaches(&helpers[0], 2), "wake", "in an interrupt must make the waiting task ready")) finish(&helpers[0]);
        }
    } else {
        skipped("wake", "in an interrupt: config.in_interrupt is NULL");
    }
    port->wake_end(port->user, wake);
    check_guards(&storage, "wake_size", "is less than what the wake object uses");
    if (wrong == before) right("wake, wait", "keep one bit, wake tasks, keep their timeouts");
}

/* ---- Mutex ----------------------------------------------------------------------------------------------------------- */

static void try_once(struct helper *h) {
    h->result = port->mutex_lock(port->user, h->object, 0);
    if (h->result == 1) port->mutex_unlock(port->user, h->object);
    SET(h->step, 1);
}

static void try_for_a_while(struct helper *h) {
    uint64_t from = now();
    int got = port->mutex_lock(port->user, h->object, 60 * MS);
    h->result = got == 1 ? -1 : (int64_t)(now() - from);
    if (got == 1) port->mutex_unlock(port->user, h->object);
    SET(h->step, 1);
}

static void lock_and_note(struct helper *h) {
    SET(h->step, 1);
    h->result = port->mutex_lock(port->user, h->object, 1500 * MS);
    SET(h->step, 2);
    while (GET(h->go) == 0) port->yield_now(port->user);
    if (h->result == 1) port->mutex_unlock(port->user, h->object);
    SET(h->step, 3);
}

static volatile uint32_t shared_a, shared_b;

static void work_under_lock(struct helper *h) {
    for (int i = 0; i < 300; i++) {
        if (port->mutex_lock(port->user, h->object, 5 * LATE_US) != 1) {
            h->result = 1;
            break;
        }
        /* Two halves that only the mutex keeps together. */
        uint32_t seen = shared_a;
        if (seen != shared_b) h->result = 2;
        shared_a = seen + 1;
        if (i % 3 == 0) port->yield_now(port->user);
        SET(shared_b, seen + 1);
        port->mutex_unlock(port->user, h->object);
    }
    SET(h->step, 1);
}

static void test_mutex(void) {
    int before = wrong;
    struct guarded storage = guarded(port->mutex_size, port->mutex_align);
    if (storage.bytes == NULL) return;
    void *mutex = storage.bytes;
    if (!must(port->mutex_init(port->user, mutex) == 0, "mutex_init", "must give 0")) return;
    must(port->mutex_lock(port->user, mutex, 0) == 1, "mutex_lock", "must give 1 at once for a free mutex");
    if (!has_tasks()) {
        port->mutex_unlock(port->user, mutex);
        port->mutex_end(port->user, mutex);
        skipped("mutex_lock", "by several tasks: the port starts none");
        return;
    }
    struct helper *h = &helpers[0];
    if (start(h, try_once, mutex) && must(reaches(h, 1), "mutex_lock", "with timeout 0 must not wait")) {
        must_be(h->result == 0, "mutex_lock", "must give 0 while another task has it; it gave", h->result);
        finish(h);
    }
    if (start(h, try_for_a_while, mutex) && must(reaches(h, 1), "mutex_lock", "must end when its time runs out")) {
        if (must(h->result != -1, "mutex_lock", "must not give it to a second task"))
            must_be(h->result + (int64_t)EARLY_US >= (int64_t)(60 * MS), "mutex_lock", "ended before its timeout; microseconds:",
                    h->result);
        finish(h);
    }
    /* The waiter gets it when it is unlocked, before who unlocked it can have it again. */
    if (start(h, lock_and_note, mutex)) {
        reaches(h, 1);
        pause_ms(40);
        port->mutex_unlock(port->user, mutex);
        int again = port->mutex_lock(port->user, mutex, 0);
        must(again == 0, "mutex_unlock", "must hand over to a waiting task before its caller can lock again");
        if (again == 1) port->mutex_unlock(port->user, mutex);
        int came = reaches(h, 2);
        must(came && h->result == 1, "mutex_lock", "of a waiting task must end when the mutex is unlocked");
        if (came && h->result == 1 && again == 0)
            must(port->mutex_lock(port->user, mutex, 0) == 0, "mutex_lock", "must give 0 while the task that waited has it");
        SET(h->go, 1);
        if (reaches(h, 3)) finish(h);
    } else {
        port->mutex_unlock(port->user, mutex);
    }
    shared_a = shared_b = 0;
    struct helper *second = &helpers[1];
    if (start(h, work_under_lock, mutex) && start(second, work_under_lock, mutex)) {
        struct helper *both[] = {h, second};
        for (int i = 0; i < 2; i++) {
            if (!must(reaches_at_work(both[i], 1, &shared_b), "mutex_lock", "must let two tasks take turns")) continue;
            must(both[i]->result != 1, "mutex_lock", "must end when two tasks take turns");
            must(both[i]->result != 2, "mutex_lock", "let two tasks in at the same time");
            finish(both[i]);
        }
        must_be(shared_a == 600, "mutex_lock", "did not keep two tasks apart: 600 steps made", (int64_t)shared_a);
    }
    port->mutex_end(port->user, mutex);
    check_guards(&storage, "mutex_size", "is less than what the mutex uses");
    if (wrong == before) right("mutex", "keeps tasks apart, hands over, keeps its timeouts");
}

/* ---- Tasks ------------------------------------------------------------------------------------------------------------ */

static void tell_self(struct helper *h) {
    h->result = (int64_t)port->task_self(port->user);
    SET(h->step, 1);
    while (GET(h->go) == 0) port->yield_now(port->user);
    SET(h->step, 2);
}

/* Stack left below `bytes` more of it. */
#if defined(__GNUC__)
__attribute__((noinline))
#endif
static size_t left_below(unsigned depth, volatile uint8_t *above) {
    volatile uint8_t frame[64];
    frame[0] = above != NULL ? above[0] : 0;
    size_t left = depth == 0 ? port->stack_left(port->user) : left_below(depth - 1, frame);
    frame[1] = frame[0];
    return left;
}

static void tell_stack(struct helper *h) {
    size_t here = port->stack_left(port->user), below = left_below(3, NULL);
    h->result = here <= below || here - below < 3 * 64 ? -1 : (int64_t)here;
    SET(h->step, 1);
}

static volatile uintptr_t handler_self;
static volatile int handler_ran;

static void self_in_handler(void *arg) {
    (void)arg;
    handler_self = port->task_self(port->user);
    (void)now();
    uintptr_t state = port->critical_enter(port->user);
    handler_ran++;
    port->critical_exit(port->user, state);
}

static void test_tasks(void) {
    int before = wrong;
    uintptr_t me = port->task_self(port->user);
    must(me != 0, "task_self", "must not be 0 in a task");
    port->yield_now(port->user);
    must(port->task_self(port->user) == me, "task_self", "must be the same each time");
    size_t here = port->stack_left(port->user), below = left_below(3, NULL);
    must(here > 0, "stack_left", "must not be 0 in a task that has stack left");
    must(below < here && here - below >= 3 * 64, "stack_left", "must shrink as calls nest");
    if (has_tasks()) {
        struct helper *h = &helpers[0];
        if (start(h, tell_self, NULL)) {
            if (must(reaches(h, 1), "yield_now", "must let another task of the same priority run")) {
                must((uintptr_t)h->result != me && h->result != 0, "task_self", "must differ between living tasks");
                must(port->task_reap(port->user, h->task.bytes) == 0, "task_reap", "must give 0 while the task lives");
            }
            SET(h->go, 1);
            if (reaches(h, 2)) finish(h);
        }
        if (start(h, tell_stack, NULL) && must(reaches(h, 1), "task_create", "must start the task")) {
            must(h->result != -1, "stack_left", "must shrink as calls nest, in a task of task_create too");
            finish(h);
        }
        int rounds = 0;
        while (rounds < 30 && start(h, tell_stack, NULL) && reaches(h, 1) && finish(h)) rounds++;
        must_be(rounds == 30, "task_create", "must work again and again with the same storage; rounds:", rounds);
    } else {
        skipped("task_create", "it is NULL or config.stack_len is 0: no _thread.start_new_thread");
    }
    if (config->in_interrupt != NULL) {
        handler_self = me;
        handler_ran = 0;
        config->in_interrupt(config->user, self_in_handler, NULL);
        if (must(handler_ran == 1, "config.in_interrupt", "must have called the handler once"))
            must(handler_self == 0, "task_self", "must be 0 in an interrupt");
    } else {
        skipped("task_self", "in an interrupt: config.in_interrupt is NULL");
    }
    if (wrong == before) right("tasks", "tell themselves apart, begin, end and are reaped");
}

/* ---- Critical section --------------------------------------------------------------------------------------------------- */

static volatile uint32_t entered;

static void enter_often(struct helper *h) {
    SET(h->step, 1);
    while (GET(h->go) == 0) {
        uintptr_t state = port->critical_enter(port->user);
        entered++;
        port->critical_exit(port->user, state);
        if (port->running != NULL) port->running(port->user, 1); /* a simulator's time may stand still otherwise */
    }
    SET(h->step, 2);
}

/* Turns of an empty loop that take about 3 ms: in the section a clock may stand still. */
static uint32_t turns_of_3_ms(void) {
    uint32_t turns = 0;
    for (uint64_t end = now() + 3 * MS; now() < end;)
        for (volatile int spin = 0; spin < 200; spin++) turns++;
    return turns;
}

static void test_critical(void) {
    int before = wrong;
    uint32_t turns = turns_of_3_ms();
    uintptr_t outer = port->critical_enter(port->user);
    uintptr_t inner = port->critical_enter(port->user);
    port->critical_exit(port->user, inner);
    port->critical_exit(port->user, outer);
    if (has_tasks()) {
        struct helper *h = &helpers[0];
        entered = 0;
        if (start(h, enter_often, NULL)) {
            reaches(h, 1);
            uint32_t disturbed = 0;
            /* Many, because a loaded machine may let the helper run seldom. */
            for (int round = 0; round < 80 && disturbed == 0; round++) {
                outer = port->critical_enter(port->user);
                inner = port->critical_enter(port->user);
                uint32_t seen = entered;
                port->critical_exit(port->user, inner); /* still inside */
                for (volatile uint32_t spin = 0; spin < turns; spin++) {}
                disturbed += entered != seen;
                port->critical_exit(port->user, outer);
                pause_ms(2);
            }
            must_be(disturbed == 0, "critical_enter", "must keep other tasks out, and nest; rounds that were disturbed:",
                    (int64_t)disturbed);
            SET(h->go, 1);
            if (reaches(h, 2)) finish(h);
            must(entered > 0, "critical_exit", "must let others in again");
        }
    } else {
        skipped("critical_enter", "against other tasks: the port starts none");
    }
    if (wrong == before) right("critical section", "nests and keeps others out");
}

/* ---- Console, entropy ------------------------------------------------------------------------------------------------------ */

static void test_console(void) {
    int before = wrong;
    static const uint8_t text[] = "pyrite: a line by console_write\n";
    size_t done = 0;
    while (done < sizeof text - 1) {
        int count = port->console_write(port->user, text + done, sizeof text - 1 - done);
        if (!must_be(count == -1 || (count > 0 && (size_t)count <= sizeof text - 1 - done), "console_write",
                     "must give the bytes it took, 1 to len, or -1; it gave", count))
            break;
        if (count < 0) break;
        done += (size_t)count;
    }
    uint8_t bytes[8];
    uint64_t from = now();
    int count = port->console_read(port->user, bytes, sizeof bytes);
    must_be(count >= -1 && count <= (int)sizeof bytes, "console_read", "must give -1 to len; it gave", count);
    must(now() - from < LATE_US, "console_read", "must not block");
    struct guarded storage = guarded(port->wake_size, port->wake_align);
    if (storage.bytes != NULL && port->wake_init(port->user, storage.bytes) == 0) {
        port->console_notify(port->user, storage.bytes);
        if (count == -1)
            must(port->wait(port->user, storage.bytes, 500 * MS) == 1, "console_notify",
                 "must set the object when input has ended already");
        port->console_notify(port->user, NULL);
        port->wake_end(port->user, storage.bytes);
    }
    if (wrong == before) right("console", "writes, reads without blocking");
}

static void test_entropy(void) {
    if (port->entropy == NULL) {
        skipped("entropy", "it is NULL: random numbers start from the clock");
        return;
    }
    int before = wrong;
    uint8_t one[18], two[18];
    memset(one, 0x5a, sizeof one);
    memset(two, 0x5a, sizeof two);
    size_t count = port->entropy(port->user, one, 16), again = port->entropy(port->user, two, 16);
    must_be(count <= 16, "entropy", "must give at most len; it gave", (int64_t)count);
    must(one[16] == 0x5a && one[17] == 0x5a, "entropy", "must not write beyond len");
    if (count >= 8 && again >= 8) must(memcmp(one, two, 8) != 0, "entropy", "gave the same bytes twice");
    if (wrong == before) right("entropy", "fills what it says");
}

/* ---- Files ------------------------------------------------------------------------------------------------------------------- */

static const struct pyr_files *files;

static const char *path_of(char *path, size_t size, const char *name) {
    size_t at = append(path, 0, size, config->folder);
    at = append(path, at, size, "/");
    append(path, at, size, name);
    return path;
}

static int listed(const char *folder, const char *name) {
    struct pyr_stat about;
    char found[64];
    int handle = files->list(files->user, folder), seen = 0, turns = 0;
    if (!must_be(handle >= 0, "files->list", "must give a handle; it gave", handle)) return 0;
    for (;;) {
        int len = files->list_next(files->user, handle, found, sizeof found, &about);
        if (!must_be(len >= 0, "files->list_next", "must give a length; it gave", len) || len == 0) break;
        must((size_t)len < sizeof found && strlen(found) == (size_t)len, "files->list_next", "must give the name's own length");
        must(strcmp(found, ".") != 0 && strcmp(found, "..") != 0, "files->list_next", "must leave out . and ..");
        seen += strcmp(found, name) == 0;
        if (!must(++turns < 10000, "files->list_next", "must come to an end")) break;
    }
    must(files->close(files->user, handle) == 0, "files->close", "must end a listing");
    return seen;
}

static void test_files(void) {
    files = port->files;
    if (files == NULL || files->abi_size != sizeof(struct pyr_files) || config->folder == NULL) {
        skipped("files", files == NULL ? "there are none" : "config.folder is NULL");
        return;
    }
    int before = wrong;
    char path[128], other[128], bytes[16];
    struct pyr_stat about;
    path_of(path, sizeof path, "pyrtest.a");
    path_of(other, sizeof other, "pyrtest.b");
    if (files->remove != NULL) {
        (void)files->remove(files->user, path, PYR_FILE_REGULAR);
        (void)files->remove(files->user, other, PYR_FILE_REGULAR);
    }
    int status = files->stat(files->user, path, &about);
    must_be(status == -2, "files->stat", "must give -2 (ENOENT) for what is not there; it gave", status);
    status = files->open(files->user, path, PYR_OPEN_READ);
    must_be(status == -2, "files->open", "must give -2 (ENOENT) for what is not there; it gave", status);
    status = files->open(files->user, config->folder, PYR_OPEN_READ);
    must_be(status == -21, "files->open", "must refuse a folder with -21 (EISDIR); it gave", status);
    status = files->close(files->user, 9999);
    must_be(status == -9, "files->close", "must give -9 (EBADF) for no handle; it gave", status);
    int handle = files->open(files->user, path, PYR_OPEN_WRITE | PYR_OPEN_CREATE | PYR_OPEN_TRUNCATE);
    if (handle < 0) {
        report("note   ", "files->open", "nothing can be written here: the rest is not tested", NULL);
        return;
    }
    int32_t count = files->write(files->user, handle, "hello world", 11);
    must_be(count == 11, "files->write", "must take a small file at once; it gave", count);
    must(files->close(files->user, handle) == 0, "files->close", "must give 0");
    status = files->stat(files->user, path, &about);
    must(status == 0 && about.size == 11 && about.kind == PYR_FILE_REGULAR, "files->stat", "must tell size and kind of a file");
    status = files->stat(files->user, config->folder, &about);
    must(status == 0 && about.kind == PYR_FILE_FOLDER, "files->stat", "must tell a folder");
    handle = files->open(files->user, path, PYR_OPEN_READ);
    if (must_be(handle >= 0, "files->open", "must open what was written; it gave", handle)) {
        int64_t at = files->seek(files->user, handle, 6, PYR_SEEK_START);
        must_be(at == 6, "files->seek", "must give the new position 6; it gave", at);
        count = files->read(files->user, handle, bytes, sizeof bytes);
        must(count == 5 && memcmp(bytes, "world", 5) == 0, "files->read", "must read on from the position, up to the end");
        count = files->read(files->user, handle, bytes, sizeof bytes);
        must_be(count == 0, "files->read", "must give 0 at the end; it gave", count);
        at = files->seek(files->user, handle, -11, PYR_SEEK_END);
        must_be(at == 0, "files->seek", "from the end must give 0 here; it gave", at);
        at = files->seek(files->user, handle, -1, PYR_SEEK_START);
        must_be(at < 0, "files->seek", "must refuse a position before the start; it gave", at);
        must(files->close(files->user, handle) == 0, "files->close", "must give 0");
        count = files->read(files->user, handle, bytes, sizeof bytes);
        must_be(count < 0, "files->read", "must refuse a handle that was closed; it gave", count);
    }
    handle = files->open(files->user, path, PYR_OPEN_WRITE | PYR_OPEN_APPEND);
    if (must_be(handle >= 0, "files->open", "must open to append; it gave", handle)) {
        must(files->write(files->user, handle, "!", 1) == 1, "files->write", "must append");
        must(files->close(files->user, handle) == 0, "files->close", "must give 0");
        must(files->stat(files->user, path, &about) == 0 && about.size == 12, "files->open", "with APPEND must keep what is there");
    }
    status = files->open(files->user, path, PYR_OPEN_WRITE | PYR_OPEN_CREATE | PYR_OPEN_EXCLUSIVE);
    must_be(status == -17, "files->open", "with EXCLUSIVE must give -17 (EEXIST); it gave", status);
    if (status >= 0) (void)files->close(files->user, status);
    must(listed(config->folder, "pyrtest.a") == 1, "files->list", "must show each file once");
    const char *left = path;
    if (files->rename != NULL && must(files->rename(files->user, path, other) == 0, "files->rename", "must give 0")) {
        must(files->stat(files->user, path, &about) == -2, "files->rename", "must take the old name away");
        left = other;
    }
    if (files->remove != NULL) {
        must(files->remove(files->user, left, PYR_FILE_REGULAR) == 0, "files->remove", "must give 0");
        must(files->stat(files->user, left, &about) == -2, "files->remove", "must take the file away");
        if (files->make_folder != NULL &&
            must(files->make_folder(files->user, path) == 0, "files->make_folder", "must give 0")) {
            must(files->stat(files->user, path, &about) == 0 && about.kind == PYR_FILE_FOLDER, "files->make_folder",
                 "must make a folder");
            must(files->make_folder(files->user, path) == -17, "files->make_folder", "must give -17 (EEXIST) the second time");
            must(files->remove(files->user, path, PYR_FILE_FOLDER) == 0, "files->remove", "must remove an empty folder");
        }
    }
    if (files->folder != NULL) {
        char here[128];
        status = files->folder(files->user, here, sizeof here);
        must(status == 0 && here[0] == '/', "files->folder", "must give a path that begins with /");
    }
    if (wrong == before) right("files", "open, read, write, seek, list and go away");
}

/* ---- All ------------------------------------------------------------------------------------------------------------------------ */

int pyr_conformance(const struct pyr_port *the_port, const struct pyr_conformance *the_config) {
    wrong = 0;
    if (the_config == NULL || the_config->say == NULL) return 1;
    config = the_config;
    port = the_port;
    room = config->memory;
    room_left = config->memory != NULL ? config->len : 0;
    memset(helpers, 0, sizeof helpers);
    if (!must(port != NULL, "port", "must not be NULL") || !test_table()) return wrong;
    if (!test_time()) return wrong;
    if (port->task_create != NULL && config->stack_len > 0) {
        size_t align = port->stack_align > 0 ? port->stack_align : 1; /* 0: the port makes the stacks itself */
        size_t mask = align - 1;
        must((config->stack_len & mask) == 0, "pyr_conformance", "config.stack_len must be a multiple of stack_align");
        for (int i = 0; i < 2; i++) {
            helpers[i].task = guarded(port->task_size, port->task_align);
            helpers[i].stack = take(config->stack_len, align);
            if (helpers[i].task.bytes == NULL || helpers[i].stack == NULL) {
                must(0, "pyr_conformance", "config.memory is too small for two stacks");
                return wrong;
            }
        }
    }
    test_tasks();
    test_wake();
    test_mutex();
    test_critical();
    test_console();
    test_entropy();
    test_files();
    skipped("fatal", "it does not return");
    int64_t count = wrong;
    report(wrong == 0 ? "ok     " : "WRONG  ", "port", wrong == 0 ? "everything that was tested is right" : "things that are wrong:",
           wrong == 0 ? NULL : &count);
    return wrong;
}

/* ---- Timers --------------------------------------------------------------------------------------------------------------------- */

static const struct pyr_timer_ops *timers;
static volatile uint32_t told_count[2];
static volatile uint64_t told_at[2];

static int tell(void *vm, uint32_t source, uint32_t flags) {
    (void)vm, (void)flags;
    told_at[source & 1] = now();
    told_count[source & 1]++;
    return 1;
}

static int begin(int timer, uint32_t period_us, int periodic, uint32_t source) {
    struct pyr_notify notify = {tell, NULL, source}; /* to be copied */
    told_count[source & 1] = 0;
    int result = timers->start(timers->user, timer, period_us, periodic, &notify);
    notify.post = NULL;
    return result;
}

static void test_once(int timer) {
    uint64_t from = now();
    must_be(begin(timer, 20000, 0, 0) == 0, "start", "20 ms, once: must give 0", 0);
    pause_ms(80);
    if (must_be(told_count[0] == 1, "start", "once: must tell once; it told", told_count[0]))
        /* A tick that was half over when it began may be missing. */
        must_be(told_at[0] - from >= 18000, "start", "20 ms, once: must not tell early; microseconds",
                (int64_t)(told_at[0] - from));
    must_be(begin(timer, 100000, 0, 0) == 0 && begin(timer, 10000, 0, 1) == 0, "start", "again: must give 0", 0);
    pause_ms(150);
    must_be(told_count[0] == 0, "start", "what ran before must be over; it told", told_count[0]);
    must_be(told_count[1] == 1, "start", "again: must tell the new notify; it told", told_count[1]);
}

static void test_periodic(int timer) {
    uint64_t from = now();
    must(begin(timer, 10000, 1, 0) == 0, "start", "10 ms, periodic: must give 0");
    pause_ms(200);
    uint32_t count = told_count[0], most = (uint32_t)((now() - from) / 10000) + 1;
    /* A period may be rounded up to ticks. */
    must_be(count >= 5 && count <= most, "start", "10 ms, periodic, for 200 ms: told", count);
    must(begin(timer, 5000, 1, 1) == 0, "start", "another period: must give 0");
    pause_ms(50);
    count = told_count[0];
    must_be(told_count[1] > 2, "start", "another period: told", told_count[1]);
    pause_ms(50);
    must_be(told_count[0] == count, "start", "the period before must be over; it told", told_count[0] - count);
}

int pyr_conformance_timers(const struct pyr_port *the_port, const struct pyr_timer_ops *the_timers,
                           const struct pyr_conformance *the_config) {
    enum { MOST = 64 };
    int handles[MOST], n = 0;
    wrong = 0;
    config = the_config;
    port = the_port;
    timers = the_timers;
    if (!must(timers->abi_size == sizeof(struct pyr_timer_ops), "abi_size", "must be sizeof(struct pyr_timer_ops)") ||
        !must(timers->open != NULL && timers->start != NULL && timers->close != NULL, "timers", "must have all functions"))
        return wrong;
    must_be(timers->open(timers->user, INT32_MAX) == -19, "open", "a number that is none must give -19", 0);
    int timer = timers->open(timers->user, -1), other = timers->open(timers->user, -1);
    if (must_be(timer >= 0 && other >= 0 && timer != other, "open", "-1 must give a new handle each time; it gave", other)) {
        test_once(timer);
        test_periodic(timer);
        must(begin(other, 10000, 1, 0) == 0 && begin(timer, 10000, 1, 1) == 0, "start", "two at a time: must give 0");
        pause_ms(50);
        must(told_count[0] > 2 && told_count[1] > 2, "start", "two at a time: both must tell");
        timers->close(timers->user, other);
        uint32_t count = told_count[0];
        pause_ms(50);
        must_be(told_count[0] == count, "close", "must not tell afterwards; it told", told_count[0] - count);
        struct pyr_notify notify = {tell, NULL, 0};
        must_be(timers->start(timers->user, timer, UINT64_MAX, 0, &notify) == -22, "start",
                "a period that cannot be counted must give -22", 0);
        timers->close(timers->user, timer);
        while (n < MOST && (handles[n] = timers->open(timers->user, -1)) >= 0) n++;
        must_be(n >= 2 && (n == MOST || handles[n] == -12), "open", "when all are in use: must give -12; it gave",
                n < MOST ? handles[n] : 0);
        while (n > 0) timers->close(timers->user, handles[--n]);
        timer = timers->open(timers->user, -1);
        must_be(timer >= 0, "open", "must give a handle again after close; it gave", timer);
        if (timer >= 0) timers->close(timers->user, timer);
    }
    if (wrong == 0) right("timers", "tell once, periodically, and not after close");
    return wrong;
}
