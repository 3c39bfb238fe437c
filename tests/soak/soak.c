/* soak.c: everything at once, for a long time: two VMs with two Python threads each, an interrupt that posts a thousand times a
 * second, queues between all of them, tasks of C of three priorities that call in, allocations that fail.
 *
 * It holds that: every post that was accepted is served, once and in order; no message is lost, doubled or changed; everybody
 * goes on; both heaps verify at the end. Prints how long a post waited. Over FreeRTOS: in QEMU, and in a process.
 */
#include "soak.h"

#include <stdatomic.h>
#include <string.h>

#ifndef SOAK_SECONDS
#define SOAK_SECONDS 30
#endif

/* Of a library with the feature `testing`. */
int pyr_testing_fail(pyr_vm *vm, uint32_t n, int from_then_on);
int pyr_testing_failures(pyr_vm *vm);
int pyr_testing_verify(pyr_vm *vm);

static void say_number(const char *before, uint32_t number) {
    char digits[12] = {0};
    size_t at = sizeof digits - 1;
    do digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    soak_write(before);
    soak_write(" ");
    soak_write(digits + at);
    soak_write("\n");
}
void soak_failed(const char *what, int line) {
    soak_write(what);
    say_number(", line", (uint32_t)line);
    soak_end(99);
}
#define MUST(x)                                                                                                        \
    do {                                                                                                               \
        if (!(x)) soak_failed("failed: " #x, __LINE__);                                                                 \
    } while (0)

static uint8_t first_memory[VM_BYTES] __attribute__((aligned(16))), second_memory[VM_BYTES] __attribute__((aligned(16)));
static uint8_t forth_memory[1024] __attribute__((aligned(16))), back_memory[1024] __attribute__((aligned(16)));
static uint8_t ticks_memory[1024] __attribute__((aligned(16)));
static pyr_vm *first, *second;
static pyr_queue *forth, *back, *ticks; /* first to second, second to C, interrupt to second */

/* ---- What everybody tells ----------------------------------------------------------------------------------------------- */

/* How often each of them has done something: all must go on. */
enum { CHURN, FEED, ANSWER, LISTEN, SERVED, CALLER, URGENT, READER, FAULTS, ALIVE };
static const char *const names[ALIVE] = {"churn", "feed", "answer", "listen", "served", "caller", "urgent", "reader", "faults"};
static atomic_uint alive[ALIVE], memory_errors;

static int tell_alive(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self, (void)result;
    alive[args[0].u32 % ALIVE]++;
    return PYR_OK;
}
static int tell_failed(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self, (void)args, (void)result;
    memory_errors++;
    return PYR_OK;
}
static int tell_wrong(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self, (void)result;
    soak_failed("a thread got something else", args[0].i32);
    return PYR_OK;
}

/* Posts: `accepted` counts, so they come as 0, 1, 2, ... */
#define STAMPS 256
static atomic_uint posting, accepted, refused, served, sent, unsent;
static atomic_uint stamps[STAMPS];
static uint32_t histogram[24], worst; /* of microseconds, by powers of two */

static int tell_note(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self, (void)result;
    uint32_t us = (uint32_t)soak_clock_us() - stamps[args[0].u32 % STAMPS];
    int bucket = 0;
    if (args[0].u32 != served) soak_failed("a post came twice, late or never", args[0].i32);
    served++;
    alive[SERVED]++;
    if (us > worst) worst = us;
    while (us > 0 && bucket < 23) us >>= 1, bucket++;
    histogram[bucket]++;
    return PYR_OK;
}

static const struct pyr_param number[] = {PYR_PARAM("n", PYR_UINT)};
static const struct pyr_native functions[] = {
    PYR_FUNCTION("alive", tell_alive, number, PYR_NOTHING),
    PYR_FUNCTION("failed", tell_failed, number, PYR_NOTHING),
    PYR_FUNCTION("wrong", tell_wrong, number, PYR_NOTHING),
    PYR_FUNCTION("note", tell_note, number, PYR_NOTHING),
};
static const struct pyr_module module = PYR_MODULE("soak", functions);
static const struct pyr_module *const modules[] = {&module};

/* ---- The interrupt --------------------------------------------------------------------------------------------------------- */

static pyr_ref handler;

void soak_interrupt(void) {
    if (!posting) return;
    stamps[accepted % STAMPS] = (uint32_t)soak_clock_us();
    if (pyr_post(first, handler, (int32_t)accepted) == PYR_OK)
        accepted++;
    else
        refused++;
    if ((accepted & 3) == 0) {
        struct pyr_item item[2] = {pyr_item_of(PYR_IS_TUPLE, 1), pyr_item_int((int64_t)sent)};
        if (pyr_queue_send(ticks, item, 2, 0) == PYR_OK)
            sent++;
        else
            unsent++;
    }
}

/* ---- Python ------------------------------------------------------------------------------------------------------------------- */

static const char first_program[] =
    "import _thread, time, soak\n"
    "def on_tick(n, note=soak.note):\n"
    "    note(n)\n"
    "def scale(n):\n"
    "    return n * 3 + 1\n"
    "def churn():\n"
    "    while True:\n"
    "        try:\n"
    "            keep = {}\n"
    "            for i in range(20):\n"
    "                keep[str(i)] = [i, 'x' * i, (i, i * 0.5)]\n"
    "            if sum([v[0] for v in keep.values()]) != 190:\n"
    "                soak.wrong(0)\n"
    "            soak.alive(0)\n"
    "        except MemoryError:\n"
    "            soak.failed(0)\n"
    "        time.sleep_ms(5)\n"
    "def feed():\n"
    "    n = 0\n"
    "    while True:\n"
    "        try:\n"
    "            forth.put({'n': n, 'data': [n, str(n)]}, timeout=1)\n"
    "            n += 1\n"
    "            soak.alive(1)\n"
    "        except MemoryError:\n"
    "            soak.failed(1)\n"
    "        except TimeoutError:\n"
    "            pass\n"
    "        time.sleep_ms(4)\n"
    "_thread.start_new_thread(churn, (), name='churn')\n"
    "_thread.start_new_thread(feed, (), name='feed')\n";

static const char second_program[] =
    "import _thread, time, soak\n"
    "def scale(n):\n"
    "    return [n] * 3\n"
    "errors = 0\n"
    "def repeat(f, a, b):\n"
    "    global errors\n"
    "    while True:\n"
    "        try:\n"
    "            return f(a, b)\n"
    "        except MemoryError:\n"
    "            errors += 1\n"
    "        time.sleep_ms(1)\n"
    "def take(q, _):\n"
    "    return q.get()\n"
    "def send(q, n):\n"
    "    q.put(n)\n"
    "def same(m, n):\n"
    "    return m['data'] == [n, str(n)]\n"
    "def tell(f, n):\n"
    "    f(n)\n"
    "def answer(alive=soak.alive, wrong=soak.wrong):\n"
    "    want = 0\n"
    "    while True:\n"
    "        m = repeat(take, forth, 0)\n"
    "        n = m['n']\n"
    "        if n != want or not repeat(same, m, n):\n"
    "            wrong(2)\n"
    "        want = n + 1\n"
    "        repeat(send, back, n)\n"
    "        repeat(tell, alive, 2)\n"
    "def listen(alive=soak.alive, wrong=soak.wrong):\n"
    "    want = 0\n"
    "    while True:\n"
    "        n, = repeat(take, ticks, 0)\n"
    "        if n != want:\n"
    "            wrong(4)\n"
    "        want = n + 1\n"
    "        repeat(tell, alive, 3)\n"
    "_thread.start_new_thread(answer, (), name='answer')\n"
    "_thread.start_new_thread(listen, (), name='listen')\n";

static void give(pyr_vm *vm, const char *name, pyr_queue *queue) {
    pyr_ref main, object;
    MUST(pyr_push_frame(vm, 2) == 0 && pyr_import(vm, "__main__", 8, &main) == 0);
    MUST(pyr_queue_object(vm, queue, &object) == 0 && pyr_setattr(vm, main, name, object) == 0);
    MUST(pyr_pop_frame(vm) == 0);
}

static void run(pyr_vm *vm, const char *source) {
    pyr_ref exception;
    int status = pyr_exec(vm, source, strlen(source), "soak.py", 0);
    if (status == PYR_E_EXCEPTION && pyr_exception(vm, &exception) == 0) (void)pyr_exc_print(vm, exception);
    MUST(status == 0);
}

/* ---- Tasks of C -------------------------------------------------------------------------------------------------------------- */

static atomic_int stopping;

/* Calls scale(n) of a VM: an answer, or MemoryError. */
static void call(pyr_vm *vm, int who, uint32_t n) {
    pyr_entry entry;
    pyr_ref function, argument, result, exception;
    int32_t answer = 0;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    int status = pyr_lookup(vm, "__main__", "scale", &function);
    MUST(status == 0);
    MUST(pyr_new_int(vm, (int64_t)n, &argument) == 0);
    status = pyr_call(vm, function, &argument, 1, NULL, 0, &result);
    if (status == 0 && vm == first) {
        MUST(pyr_get_int32(vm, result, &answer) == 0 && (uint32_t)answer == n * 3 + 1);
    } else if (status == 0) {
        MUST(pyr_len(vm, result) == 3);
    } else {
        MUST(status == PYR_E_EXCEPTION && pyr_exception(vm, &exception) == 0);
        MUST(pyr_exc_is(vm, exception, "MemoryError") == 1);
        memory_errors++;
    }
    MUST(pyr_leave(vm, &entry) == 0);
    alive[who]++;
}

static int posted(pyr_vm *vm, void *arg) {
    (void)vm;
    return (*(int *)arg)++;
}

static void caller_task(void *arg) {
    (void)arg;
    for (uint32_t n = 0; !stopping; n = (n + 1) & 0xffffff) {
        call(first, CALLER, n);
        soak_sleep_ms(7);
    }
    soak_done();
}

/* More urgent than all that runs Python. */
static void urgent_task(void *arg) {
    int count = 0;
    (void)arg;
    for (uint32_t n = 0; !stopping; n = (n + 1) & 0xffffff) {
        call(n & 1 ? first : second, URGENT, n);
        int before = count, status = pyr_call_posted(first, posted, &count, 1000);
        MUST(status == before || status == PYR_E_MEMORY);
        soak_sleep_ms(11);
    }
    soak_done();
}

static void reader_task(void *arg) {
    int64_t want = 0;
    (void)arg;
    while (!stopping) {
        struct pyr_item item;
        int items = pyr_queue_receive(back, &item, 1, NULL, 0, 500);
        if (items == PYR_E_TIMEOUT) continue;
        MUST(items == 1 && item.kind == PYR_IS_INT && item.of.number == want);
        want++;
        alive[READER]++;
    }
    soak_done();
}

/* Lets allocations fail: one now and then in both VMs, all for a while in the second. */
static void faults_task(void *arg) {
    uint32_t random = 1;
    (void)arg;
    while (!stopping) {
        pyr_entry entry;
        random = random * 1664525u + 1013904223u;
        pyr_vm *vm = random >> 31 ? first : second;
        int all = vm == second && (random >> 28 & 7) == 0;
        MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
        MUST(pyr_testing_fail(vm, 1 + (random >> 16 & 63), all) == 0);
        MUST(pyr_leave(vm, &entry) == 0);
        soak_sleep_ms(all ? 3 : 13);
        if (all) {
            MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
            MUST(pyr_testing_fail(vm, 0, 0) == 0);
            MUST(pyr_leave(vm, &entry) == 0);
        }
        alive[FAULTS]++;
    }
    soak_done();
}

/* The first VM's own task: posts are served while it sleeps, and at the threads' safepoints. */
static void server_task(void *arg) {
    pyr_entry entry;
    (void)arg;
    MUST(pyr_enter(first, &entry, PYR_FOREVER_MS) == 0);
    while (!stopping) MUST(pyr_serve(first, 100) == 0);
    MUST(pyr_leave(first, &entry) == 0);
    soak_done();
}

/* ---- The program --------------------------------------------------------------------------------------------------------------- */

static void close_vm(pyr_vm *vm, const char *name) {
    pyr_entry entry;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    MUST(pyr_testing_fail(vm, 0, 0) == 0);
    say_number(name, (uint32_t)pyr_testing_failures(vm));
    MUST(pyr_testing_verify(vm) == 0);
    MUST(pyr_collect(vm) == 0 && pyr_testing_verify(vm) == 0);
    MUST(pyr_leave(vm, &entry) == 0);
    MUST(pyr_close(vm) == 0);
}

void soak_main(void *arg) {
    static const struct pyr_config config = {
        .abi_size = sizeof config, .max_tasks = 5, .fiber_bytes = FIBER_BYTES, .events = 64, .thread_stack = THREAD_BYTES};
    static const struct pyr_queue_config small = {.abi_size = sizeof small, .messages = 8, .bytes = 200};
    pyr_entry entry;
    pyr_ref function;
    uint32_t before[ALIVE] = {0};
    (void)arg;
    MUST(pyr_queue_create(forth_memory, sizeof forth_memory, soak_port(), &small, &forth) == 0);
    MUST(pyr_queue_create(back_memory, sizeof back_memory, soak_port(), &small, &back) == 0);
    MUST(pyr_queue_create(ticks_memory, sizeof ticks_memory, soak_port(), &small, &ticks) == 0);
    MUST(pyr_open(first_memory, sizeof first_memory, soak_port(), &config, &first) == 0);
    MUST(pyr_open(second_memory, sizeof second_memory, soak_port(), &config, &second) == 0);
    MUST(pyr_enter(first, &entry, 0) == 0 && pyr_set_modules(first, modules, 1) == 0);
    give(first, "forth", forth);
    run(first, first_program);
    MUST(pyr_lookup(first, "__main__", "on_tick", &function) == 0 && pyr_keep(first, function, &handler) == 0);
    MUST(pyr_leave(first, &entry) == 0);
    MUST(pyr_enter(second, &entry, 0) == 0 && pyr_set_modules(second, modules, 1) == 0);
    give(second, "forth", forth);
    give(second, "back", back);
    give(second, "ticks", ticks);
    run(second, second_program);
    MUST(pyr_leave(second, &entry) == 0);

    soak_start(server_task, "server", 2);
    soak_start(caller_task, "caller", 1);
    soak_start(urgent_task, "urgent", 3);
    soak_start(reader_task, "reader", 2);
    soak_start(faults_task, "faults", 2);
    posting = 1;
    for (int second_of = 1; second_of <= SOAK_SECONDS; second_of++) {
        soak_sleep_ms(1000);
        if (second_of % 5 != 0) continue;
        for (int i = 0; i < ALIVE; i++) {
            if (alive[i] == before[i]) soak_failed(names[i], second_of);
            before[i] = alive[i];
        }
    }
    posting = 0;
    soak_sleep_ms(500);
    MUST(served == accepted && refused <= (uint32_t)pyr_posts_lost(first));
    stopping = 1;
    while (soak_running() > 1) soak_sleep_ms(10);
    say_number("seconds", SOAK_SECONDS);
    say_number("posts_served", served);
    say_number("posts_refused_and_counted", refused);
    say_number("messages_of_the_interrupt", sent);
    say_number("messages_of_the_interrupt_refused_and_counted", unsent);
    for (int i = 0; i < ALIVE; i++) say_number(names[i], alive[i]);
    int32_t errors = 0;
    MUST(pyr_enter(second, &entry, PYR_FOREVER_MS) == 0 && pyr_testing_fail(second, 0, 0) == 0);
    MUST(pyr_lookup(second, "__main__", "errors", &function) == 0 && pyr_get_int32(second, function, &errors) == 0);
    MUST(pyr_leave(second, &entry) == 0);
    say_number("memory_errors_caught", memory_errors + (uint32_t)errors);
    close_vm(first, "allocations_refused_first");
    close_vm(second, "allocations_refused_second");
    MUST(pyr_queue_end(forth) == 0 && pyr_queue_end(back) == 0 && pyr_queue_end(ticks) == 0);
    for (int i = 0, us = 1; i < 24; i++, us *= 2) {
        if (histogram[i] == 0) continue;
        soak_write("posts_that_waited_less_than_us");
        say_number("", (uint32_t)us);
        say_number("    are", histogram[i]);
    }
    say_number("longest_wait_us", worst);
    soak_write("ok\n");
    soak_end(0);
}
