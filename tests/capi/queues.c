/* queues.c: messages between two VMs, tasks of C and an interrupt; what does not fit, waits, or goes wrong. */
#ifndef _GNU_SOURCE /* as g++ has it */
#define _GNU_SOURCE
#endif
#include "check.h"
#include "pyrite_posix.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static uint64_t memory[512];
static pyr_queue *queue;

static void make(uint32_t bytes, uint16_t messages) {
    struct pyr_queue_config config;
    memset(&config, 0, sizeof config);
    config.abi_size = sizeof config;
    config.bytes = bytes;
    config.messages = messages;
    queue = NULL;
    OK(pyr_queue_create(memory, sizeof memory, pyr_posix_port(), &config, &queue));
}

/* The queue as the global `q` of a VM. */
static void give(pyr_vm *vm) {
    pyr_ref object, module;
    OK(pyr_push_frame(vm, 2));
    OK(pyr_queue_object(vm, queue, &object));
    OK(pyr_import(vm, "__main__", 8, &module));
    OK(pyr_setattr(vm, module, "q", object));
    OK(pyr_pop_frame(vm));
}

static uint32_t refused(void) {
    struct pyr_queue_info info;
    memset(&info, 0, sizeof info);
    info.abi_size = sizeof info;
    OK(pyr_queue_state(queue, &info));
    return info.refused;
}

/* ---- Values --------------------------------------------------------------------------------------------------------- */

static void between_vms(pyr_vm *vm) {
    make(0, 4);
    give(vm);
    give(other_vm);
    const char *const values[] = {
        "None", "True", "False", "0", "-1", "63", "-64", "64", "2**30", "-2**31", "2**63-1", "-2**63", "2**63", "2**64",
        "-2**63-1", "-2**64", "2**200", "-2**200", "10**300", "-10**300", "1.5", "-0.0", "1e300", "float('inf')", "''", "'a'",
        "'\\u00e9'", "'text'", "'\\u4e2d\\U0001f600' * 9", "b''", "b'x'", "b'\\x00\\xff' * 40", "bytearray(b'abc')", "bytearray()",
        "()", "[]", "{}", "(1,)", "[1, [2, (3, {'a': [4.5, None]})], b'5']", "{1: 2, 'k': (3, 4), (5, 'six'): [7], None: {}}",
        "[[]] * 20", "((), ((),), [(), []])", "list(range(-40, 40))", "{n: str(n) for n in range(30)}",
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char source[200], got[1500], expected[1500];
        pyr_ref value;
        OK(pyr_push_frame(vm, 2));
        OK(pyr_push_frame(other_vm, 2));
        snprintf(source, sizeof source, "q.put(%s)", values[i]);
        RUNS(vm, source);
        RUNS(other_vm, "got = q.get()");
        value = eval(other_vm, "(type(got), got)");
        OK(pyr_repr(other_vm, value, got, sizeof got, NULL));
        snprintf(source, sizeof source, "(type(%s), %s)", values[i], values[i]);
        OK(pyr_repr(vm, eval(vm, source), expected, sizeof expected, NULL));
        if (strcmp(got, expected) != 0) fprintf(stderr, "%s came as %s\n", expected, got);
        CHECK(strcmp(got, expected) == 0);
        OK(pyr_pop_frame(vm));
        OK(pyr_pop_frame(other_vm));
    }
    /* Subclasses are what they hold; what has no data to speak of is refused, as a whole. */
    RUNS(vm, "from collections import namedtuple, OrderedDict\n"
             "class L(list): pass\n"
             "class S(str): pass\n"
             "q.put([L([1, 2]), S('s'), namedtuple('P', 'x y')(1, 2), OrderedDict([('a', 1)])])\n");
    RUNS(other_vm, "assert q.get() == [[1, 2], 's', (1, 2), {'a': 1}]");
    RAISES(vm, "q.put([1, object()])", "TypeError", NULL);
    RAISES(vm, "q.put({1, 2})", "TypeError", NULL);
    RAISES(vm, "q.put(print)", "TypeError", NULL);
    RAISES(vm, "q.put(q)", "TypeError", NULL);
    RAISES(vm, "l = []\nl.append(l)\nq.put(l)", "ValueError", NULL);
    RUNS(vm, "l = []\nfor i in range(15): l = [l]\nq.put(l)\nassert repr(q.get()) == '[' * 16 + ']' * 16\n");
    RAISES(vm, "q.put([l])", "ValueError", NULL);
    RAISES(vm, "q.put('x' * 5000)", "ValueError", NULL);
    RAISES(vm, "q.put([b'x' * 100] * 50)", "ValueError", NULL);
    RUNS(vm, "assert q.qsize() == 0 and q.empty() and not q.full() and repr(q) == '<Queue>'");
    OK(pyr_queue_end(queue));
    RAISES(vm, "q.put(1)", "ValueError", "the queue is closed");
    RAISES(other_vm, "q.get()", "ValueError", "the queue is closed");
    RAISES(vm, "q.qsize()", "ValueError", "the queue is closed");
    RUNS(vm, "assert repr(q) == '<closed Queue>'");
}

static void with_c(pyr_vm *vm) {
    struct pyr_item items[12];
    char buf[64];
    uint8_t wide[9] = {0, 0, 0, 0, 0, 0, 0, 0, 1};
    make(120, 6);
    give(vm);
    items[0] = pyr_item_of(PYR_IS_TUPLE, 5);
    items[1] = pyr_item_int(-5);
    items[2] = pyr_item_data(PYR_IS_STR, "\xc3\xa9t", 3);
    items[3] = pyr_item_of(PYR_IS_DICT, 1);
    items[4] = pyr_item_data(PYR_IS_BYTES, "ab", 2);
    items[5] = pyr_item_float(2.5);
    items[6] = pyr_item_of(PYR_IS_LIST, 2);
    items[7] = pyr_item_of(PYR_IS_NONE, 0);
    items[8] = pyr_item_of(PYR_IS_BOOL, 0);
    items[8].of.number = 1;
    items[9] = pyr_item_data(PYR_IS_INT, wide, 9);
    OK(pyr_queue_send(queue, items, 10, 0));
    RUNS(vm, "v = q.get_nowait()\nassert v == (-5, '\\u00e9t', {b'ab': 2.5}, [None, True], 2**64), v\nq.put(v)\n");
    IS(pyr_queue_receive(queue, items, 12, buf, sizeof buf, 0), 10);
    CHECK(items[0].kind == PYR_IS_TUPLE && items[0].len == 5 && items[1].of.number == -5);
    CHECK(items[2].kind == PYR_IS_STR && items[2].len == 3 && strcmp((const char *)items[2].of.data, "\xc3\xa9t") == 0);
    CHECK(items[3].kind == PYR_IS_DICT && items[3].len == 1 && memcmp(items[4].of.data, "ab", 2) == 0);
    CHECK(items[5].kind == PYR_IS_FLOAT && items[5].of.real == 2.5 && items[8].of.number == 1);
    CHECK(items[9].kind == PYR_IS_INT && items[9].len == 9 && memcmp(items[9].of.data, wide, 9) == 0);
    /* What does not fit stays. */
    RUNS(vm, "q.put('four')");
    IS(pyr_queue_receive(queue, items, 0, buf, sizeof buf, 0), PYR_E_RANGE);
    IS(pyr_queue_receive(queue, items, 1, buf, 4, 0), PYR_E_RANGE);
    IS(pyr_queue_receive(queue, items, 1, buf, 5, 0), 1);
    IS(pyr_queue_receive(queue, items, 1, NULL, 0, 0), PYR_E_TIMEOUT);
    IS(pyr_queue_drop(queue), 0);
    RUNS(vm, "q.put(1)");
    IS(pyr_queue_drop(queue), 1);
    /* Items that are no message. */
    items[0] = pyr_item_of(PYR_IS_TUPLE, 2);
    items[1] = items[2] = items[3] = pyr_item_int(1);
    IS(pyr_queue_send(queue, items, 0, 0), PYR_E_RANGE);
    IS(pyr_queue_send(queue, items, 2, 0), PYR_E_RANGE);
    IS(pyr_queue_send(queue, items, 4, 0), PYR_E_RANGE);
    items[0] = pyr_item_of(PYR_IS_DICT, UINT32_MAX);
    IS(pyr_queue_send(queue, items, 3, 0), PYR_E_RANGE);
    items[0] = pyr_item_of(PYR_IS_SET, 0);
    IS(pyr_queue_send(queue, items, 1, 0), PYR_E_TYPE);
    items[0] = pyr_item_of(200, 0);
    IS(pyr_queue_send(queue, items, 1, 0), PYR_E_TYPE);
    items[0] = pyr_item_of(11, 0); /* a kind of the inside */
    IS(pyr_queue_send(queue, items, 1, 0), PYR_E_TYPE);
    items[0] = pyr_item_data(PYR_IS_STR, "\xff", 1);
    IS(pyr_queue_send(queue, items, 1, 0), PYR_E_RANGE);
    items[0] = pyr_item_data(PYR_IS_BYTES, NULL, 1);
    IS(pyr_queue_send(queue, items, 1, 0), PYR_E_NULL);
    items[0] = pyr_item_data(PYR_IS_BYTES, buf, 1 << 20);
    static char long_text[200];
    items[0] = pyr_item_data(PYR_IS_BYTES, long_text, sizeof long_text);
    IS(pyr_queue_send(queue, items, 1, 0), PYR_E_RANGE);
    struct pyr_item nest[20];
    for (int i = 0; i < 20; i++) nest[i] = pyr_item_of(PYR_IS_LIST, 1);
    nest[15].len = 0;
    OK(pyr_queue_send(queue, nest, 16, 0));
    nest[15].len = 1;
    nest[16].len = 0;
    IS(pyr_queue_send(queue, nest, 17, 0), PYR_E_RANGE);
    RUNS(vm, "assert repr(q.get()) == '[' * 16 + ']' * 16");
    /* A key that cannot be one: the message is dropped where it is found out. */
    items[0] = pyr_item_of(PYR_IS_DICT, 1);
    items[1] = pyr_item_of(PYR_IS_LIST, 0);
    OK(pyr_queue_send(queue, items, 3, 0));
    RAISES(vm, "q.get()", "ValueError", "damaged message");
    RUNS(vm, "assert q.empty()");
    OK(pyr_queue_end(queue));
}

/* ---- Bounds ----------------------------------------------------------------------------------------------------------- */

static void bounds(pyr_vm *vm) {
    struct pyr_item item = pyr_item_int(7);
    uint32_t before;
    make(20, 3);
    give(vm);
    before = refused();
    RUNS(vm, "q.put(1); q.put(2); q.put(3)\nassert q.full() and q.qsize() == 3");
    RAISES(vm, "q.put_nowait(4)", "OSError", "[Errno 11] EAGAIN");
    RAISES(vm, "q.put(4, False)", "OSError", "[Errno 11] EAGAIN");
    RAISES(vm, "q.put(4, timeout=0)", "TimeoutError", NULL);
    RAISES(vm, "q.put(4, timeout=0.02)", "TimeoutError", NULL);
    RAISES(vm, "q.put(4, timeout=-1)", "ValueError", NULL);
    RAISES(vm, "q.put(4, True, 1, 2)", "TypeError", NULL);
    IS(pyr_queue_send(queue, &item, 1, 0), PYR_E_TIMEOUT);
    IS(pyr_queue_send(queue, &item, 1, 10), PYR_E_TIMEOUT);
    CHECK(refused() == before + 6);
    RUNS(vm, "assert [q.get() for i in range(3)] == [1, 2, 3]");
    RAISES(vm, "q.get_nowait()", "OSError", "[Errno 11] EAGAIN");
    RAISES(vm, "q.get(block=False)", "OSError", "[Errno 11] EAGAIN");
    RAISES(vm, "q.get(timeout=0)", "TimeoutError", NULL);
    RAISES(vm, "q.get(timeout=0.02)", "TimeoutError", NULL);
    /* Bytes are bounded as well, and the ring wraps at every place. */
    RUNS(vm, "for i in range(60):\n"
             "    a, b = b'abcdefghijklmnop'[:i % 12], 'x' * (i % 4)\n"
             "    q.put(a)\n    q.put(b)\n    assert q.get() == a\n    q.put(i)\n    assert q.get() == b and q.get() == i\n");
    RUNS(vm, "q.put(b'0123456789')\n");
    RAISES(vm, "q.put_nowait(b'0123456789')", "OSError", "[Errno 11] EAGAIN");
    RUNS(vm, "q.put_nowait(b'01234')\nassert q.get() == b'0123456789' and q.get() == b'01234'");
    /* select and iteration. */
    RUNS(vm, "import select\np = select.poll()\np.register(q)\n"
             "assert p.poll(0) == [(q, 4)]\nq.put(1)\nassert p.poll(0) == [(q, 5)]\nq.put(2); q.put(3)\n"
             "assert p.poll(0) == [(q, 1)]\n"
             "got = []\nfor m in q:\n    got.append(m)\n    if m == 3:\n        break\nassert got == [1, 2, 3]\n");
    /* A limit ends a wait, and takes nothing. */
    OK(pyr_set_limits(vm, 0, 30));
    RAISES(vm, "q.get()", "TimeoutError", "limit reached");
    RAISES(vm, "import time\ntime.sleep(100)", "TimeoutError", "limit reached");
    RAISES(vm, "import _thread\nl = _thread.allocate_lock()\nwith l:\n    l.acquire()", "TimeoutError", "limit reached");
    OK(pyr_set_limits(vm, 0, 0));
    RUNS(vm, "q.put('kept')\nassert q.get() == 'kept'");
    OK(pyr_queue_end(queue));
    IS(pyr_queue_end(queue), PYR_E_VM);
    IS(pyr_queue_send(queue, &item, 1, 0), PYR_E_VM);
    IS(pyr_queue_receive(queue, &item, 1, NULL, 0, 0), PYR_E_VM);
    IS(pyr_queue_drop(queue), PYR_E_VM);
}

/* ---- Waiting ---------------------------------------------------------------------------------------------------------- */

static volatile int status_of_waiter;

static void *waits_for_message(void *arg) {
    struct pyr_item item;
    (void)arg;
    status_of_waiter = pyr_queue_receive(queue, &item, 1, NULL, 0, PYR_FOREVER_MS);
    if (status_of_waiter == 1) status_of_waiter = (int)item.of.number;
    return NULL;
}

static void *interrupts(void *vm) {
    usleep(20000);
    IS(pyr_interrupt((pyr_vm *)vm), 1);
    return NULL;
}

static void *kills(void *vm) {
    usleep(20000);
    OK(pyr_kill((pyr_vm *)vm));
    return NULL;
}

static void *sends_after(void *arg) {
    struct pyr_item item = pyr_item_int((int64_t)(intptr_t)arg);
    usleep(20000);
    OK(pyr_queue_send(queue, &item, 1, PYR_FOREVER_MS));
    return NULL;
}

static void on_signal(int number) {
    struct pyr_item item = pyr_item_int(number);
    IS(pyr_queue_send(queue, &item, 1, 0), PYR_OK);
}

static void waiting(pyr_vm *vm) {
    pthread_t thread;
    uint32_t before;
    make(64, 2);
    give(vm);
    before = refused();
    /* C waits for Python, Python for C. */
    CHECK(pthread_create(&thread, NULL, waits_for_message, NULL) == 0);
    RUNS(vm, "import time\ntime.sleep_ms(20)");
    IS(pyr_queue_end(queue), PYR_E_NESTING);
    RUNS(vm, "q.put(33)");
    CHECK(pthread_join(thread, NULL) == 0);
    IS(status_of_waiter, 33);
    CHECK(pthread_create(&thread, NULL, sends_after, (void *)5) == 0);
    RUNS(vm, "assert q.get() == 5");
    CHECK(pthread_join(thread, NULL) == 0);
    /* A full queue makes C wait. */
    RUNS(vm, "q.put(1); q.put(2)");
    CHECK(pthread_create(&thread, NULL, sends_after, (void *)6) == 0);
    RUNS(vm, "time.sleep_ms(50)\nassert [q.get() for i in range(3)] == [1, 2, 6]");
    CHECK(pthread_join(thread, NULL) == 0);
    /* A signal handler is an interrupt of this port. */
    (void)signal(SIGUSR1, on_signal);
    CHECK(raise(SIGUSR1) == 0);
    RUNS(vm, "assert q.get() > 0");
    /* Interrupts, posts and other threads reach who waits; afterwards the queue is as good as before. */
    CHECK(pthread_create(&thread, NULL, interrupts, vm) == 0);
    RAISES(vm, "q.get()", "KeyboardInterrupt", NULL);
    CHECK(pthread_join(thread, NULL) == 0);
    RUNS(vm, "q.put(1); q.put(2)");
    CHECK(pthread_create(&thread, NULL, interrupts, vm) == 0);
    RAISES(vm, "q.put(3)", "KeyboardInterrupt", NULL);
    CHECK(pthread_join(thread, NULL) == 0);
    RUNS(vm, "assert q.get() == 1 and q.get() == 2 and q.empty()");
    RUNS(vm, "import micropython, _thread\nseen = []\nmicropython.schedule(seen.append, 8)\n"
             "def later():\n    time.sleep_ms(20)\n    q.put(9)\n_thread.start_new_thread(later, ())\n"
             "assert q.get() == 9 and seen == [8]\n");
    /* Threads of one VM on both ends, more than there are places. */
    RUNS(vm, "total = 0\ndone = _thread.allocate_lock()\ndone.acquire()\n"
             "def count(n):\n    global total\n    for i in range(n):\n        total += q.get()\n    done.release()\n"
             "def feed(n):\n    for i in range(n):\n        q.put(i)\n"
             "for i in range(3):\n    _thread.start_new_thread(feed, (200,))\n"
             "_thread.start_new_thread(count, (300,))\ncount_of = 300\n"
             "mine = 0\nfor i in range(300):\n    mine += q.get()\n"
             "done.acquire()\nassert mine + total == 3 * 199 * 100, (mine, total)\n");
    CHECK(refused() == before);
    OK(pyr_queue_end(queue));
}

/* ---- One VM ends ------------------------------------------------------------------------------------------------------- */

static uint64_t third_memory[6 * 1024];
static pyr_vm *third;

static void open_third(void) {
    struct pyr_config config;
    memset(&config, 0, sizeof config);
    config.abi_size = sizeof config;
    OK(pyr_open(third_memory, sizeof third_memory, pyr_posix_port(), &config, &third));
}

/* In a task of its own: this program, which waits in the queue for ever. */
static void *runs_third(void *program) {
    pyr_entry entry;
    OK(pyr_enter(third, &entry, PYR_FOREVER_MS));
    give(third);
    status_of_waiter = exec(third, (const char *)program);
    OK(pyr_leave(third, &entry));
    return NULL;
}

static void one_ends(pyr_vm *vm) {
    pthread_t thread, killer;
    make(400, 4);
    give(vm);
    const char *const programs[] = {"q.get()", "while True: q.put('x' * 90)", "for m in q: pass"};
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        open_third();
        CHECK(pthread_create(&thread, NULL, runs_third, (void *)programs[i]) == 0);
        CHECK(pthread_create(&killer, NULL, kills, third) == 0);
        CHECK(pthread_join(killer, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        IS(status_of_waiter, PYR_E_EXCEPTION);
        OK(pyr_close(third));
        RUNS(vm, "while not q.empty():\n    assert q.get() == 'x' * 90\nq.put(1)\nassert q.get() == 1\n");
    }
    /* Closed while one of its threads waits. */
    open_third();
    char program[] = "import _thread\n_thread.start_new_thread(q.get, ())\nimport time\ntime.sleep_ms(20)\n";
    CHECK(pthread_create(&thread, NULL, runs_third, program) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    IS(status_of_waiter, PYR_OK);
    OK(pyr_close(third));
    RUNS(vm, "q.put(1)\nassert q.get() == 1 and q.empty()");
    /* Out of memory: the message stays for one that has more. */
    RUNS(vm, "big = [('abc', i) for i in range(40)]\nq.put(big)");
    open_third();
    /* A chain of small lists leaves no hole; a list that grows would fail with as much free as it asks for. */
    char fills[] = "l = None\ntry:\n    while True: l = [l]\nexcept MemoryError: pass\n"
                   "try:\n    q.get()\n    n = 0\nexcept MemoryError:\n    n = 1\nl = None\nassert n\n"
                   "assert q.qsize() == 1\nassert len(q.get()) == 40\nq.put('there')\n";
    CHECK(pthread_create(&thread, NULL, runs_third, fills) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    IS(status_of_waiter, PYR_OK);
    OK(pyr_close(third));
    RUNS(vm, "assert q.get() == 'there'");
    OK(pyr_queue_end(queue));
}

/* ---- Wrong use --------------------------------------------------------------------------------------------------------- */

static void wrong(pyr_vm *vm) {
    struct pyr_queue_config config;
    struct pyr_queue_info info;
    struct pyr_item item = pyr_item_int(1);
    pyr_ref ref;
    static uint64_t rubbish[64];
    memset(&config, 0, sizeof config);
    memset(&info, 0, sizeof info);
    IS(pyr_queue_create(NULL, 64, pyr_posix_port(), NULL, &queue), PYR_E_NULL);
    IS(pyr_queue_create(memory, sizeof memory, NULL, NULL, &queue), PYR_E_NULL);
    IS(pyr_queue_create(memory, sizeof memory, pyr_posix_port(), NULL, NULL), PYR_E_NULL);
    IS(pyr_queue_create(memory, sizeof memory, pyr_posix_port(), &config, &queue), PYR_E_ABI);
    IS(pyr_queue_create(memory, 64, pyr_posix_port(), NULL, &queue), PYR_E_MEMORY);
    config.abi_size = sizeof config;
    config.bytes = sizeof memory;
    IS(pyr_queue_create(memory, sizeof memory, pyr_posix_port(), &config, &queue), PYR_E_MEMORY);
    OK(pyr_queue_create(memory, sizeof memory, pyr_posix_port(), NULL, &queue));
    IS(pyr_queue_send(queue, NULL, 1, 0), PYR_E_NULL);
    IS(pyr_queue_receive(queue, NULL, 1, NULL, 0, 0), PYR_E_NULL);
    IS(pyr_queue_receive(queue, &item, 1, NULL, 1, 0), PYR_E_NULL);
    IS(pyr_queue_state(queue, NULL), PYR_E_NULL);
    IS(pyr_queue_state(queue, &info), PYR_E_ABI);
    IS(pyr_queue_object(vm, queue, NULL), PYR_E_NULL);
    IS(pyr_queue_object(vm, NULL, &ref), PYR_E_NULL);
    IS(pyr_queue_object(NULL, queue, &ref), PYR_E_NULL);
    info.abi_size = sizeof info;
    OK(pyr_queue_state(queue, &info));
    CHECK(info.max_messages == 8 && info.max_bytes > 2000 && info.messages == 0 && info.bytes == 0 && info.refused == 0);
    OK(pyr_queue_end(queue));
    pyr_queue *none = (pyr_queue *)rubbish;
    IS(pyr_queue_end(none), PYR_E_VM);
    IS(pyr_queue_object(vm, none, &ref), PYR_E_VM);
    IS(pyr_queue_send(none, &item, 1, 0), PYR_E_VM);
    IS(pyr_queue_end(NULL), PYR_E_NULL);
    IS(pyr_queue_drop(NULL), PYR_E_NULL);
    IS(pyr_queue_send(NULL, &item, 1, 0), PYR_E_NULL);
    RAISES(vm, "type(q)()", "TypeError", NULL);
    RUNS(vm, "del q");
}

void test_queues(pyr_vm *vm) {
    between_vms(vm);
    with_c(vm);
    bounds(vm);
    waiting(vm);
    one_ends(vm);
    wrong(vm);
}
