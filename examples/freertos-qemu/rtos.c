/* rtos.c: what Python costs and owes the tasks beside it: figures and promises, measured on a board (cargo xtask bench --rtos).
 *
 * With QEMU's -icount shift=0 an instruction takes a nanosecond, so times are instructions; the counter's step is 40 of
 * them, which is why most things are done often and divided. Prints a line "name number" for each figure, then "ok", or
 * what went wrong.
 */
#include "console.h"
#include "cortex_m.h"
#include "natives.h"
#include "natives_c.h"
#include "semihosting.h"

#include <string.h>

#define STEP (1000000000u / BOARD_CPU_HZ) /* instructions of a count */
#define VM_BYTES (64 * 1024)
#define FIBER_BYTES 4096
#define POSTS 64

static uint8_t memory[VM_BYTES] __attribute__((aligned(8)));
static uint8_t second_memory[VM_BYTES] __attribute__((aligned(8)));
static pyr_vm *vm;
static pyr_ref noted;            /* kept: the Python function that interrupts post to */
static volatile uint32_t overhead; /* of reading the counter */

static void figure(const char *name, uint32_t number) {
    say(name);
    say_number(" ", number);
}

#define MUST(x)                                                                                                        \
    do {                                                                                                               \
        if (!(x)) board_stop("failed: " #x, __LINE__);                                                                 \
    } while (0)

static const struct pyr_config config = {
    .abi_size = sizeof config, .fiber_bytes = FIBER_BYTES, .max_tasks = 3, .events = POSTS};

static uint32_t now(void) { return board_cpu_ticks(NULL); }
/* Instructions since `start`, less what asking costs. */
static uint32_t since(uint32_t start) {
    uint32_t spent = (now() - start) * STEP;
    return spent > overhead ? spent - overhead : 0;
}

/* What Python was asked for must succeed. */
static void must_run(pyr_vm *in, int status) {
    pyr_ref exception;
    if (status == PYR_E_EXCEPTION && pyr_exception(in, &exception) == 0) (void)pyr_exc_print(in, exception);
    MUST(status == 0);
}

static void run(pyr_vm *in, const char *source) {
    must_run(in, pyr_exec(in, source, strlen(source), "<rtos>", 0));
}

static int32_t number(pyr_vm *in, const char *name) {
    pyr_ref ref;
    int32_t n = 0;
    MUST(pyr_lookup(in, "__main__", name, &ref) == 0);
    MUST(pyr_get_int32(in, ref, &n) == 0);
    MUST(pyr_drop(in, ref) == 0);
    return n;
}

/* ---- The interrupt: posts, and measures that ------------------------------------------------------------------------------ */

static volatile uint32_t isr_spent, isr_posts, isr_lost;
static volatile int isr_count = 1;

/* What a post is compared with. */
static __attribute__((noipa)) int no_post(pyr_vm *in, pyr_ref handler, int32_t value) {
    (void)in, (void)handler, (void)value;
    return 0;
}
static int (*volatile isr_post)(pyr_vm *, pyr_ref, int32_t) = pyr_post;

/* Posts `isr_count` times; what the first of them takes is measured. */
void board_tick_isr(void) {
    uint32_t at = now();
    int status = isr_post(vm, noted, (int32_t)(at & 0x3fffffff));
    isr_spent = since(at);
    for (int more = isr_count; ; status = isr_post(vm, noted, 0)) {
        if (status == 0)
            isr_posts++;
        else
            isr_lost++;
        if (--more <= 0) break;
    }
}

static void interrupt(void) {
    ((volatile uint32_t *)0xE000E200u)[BOARD_TICK_IRQ >> 5] = 1u << (BOARD_TICK_IRQ & 31);
    __asm volatile("dsb\n isb");
}

/* ---- Tasks of different urgency ---------------------------------------------------------------------------------------------- */

static volatile uint32_t waited, worst_wait;
static volatile int hogging, high_runs;

/* Above the task that runs Python: calls in while that one is busy. */
static void high_task(void *arg) {
    (void)arg;
    for (;;) {
        vTaskSuspend(NULL);
        pyr_entry entry;
        uint32_t start = now();
        MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
        waited = since(start);
        if (waited > worst_wait) worst_wait = waited;
        run(vm, "calls_in += 1");
        MUST(pyr_leave(vm, &entry) == 0);
        high_runs++;
    }
}

/* Between the two: takes all the time it can get, and would keep Python from ever giving the VM away. */
static void middle_task(void *arg) {
    (void)arg;
    for (;;) {
        vTaskSuspend(NULL);
        for (uint32_t start = now(); hogging && (now() - start) * STEP < 20000000u;) {
        }
    }
}

static TaskHandle_t high, middle;

static void inherit(const char *name, const char *program) {
    pyr_entry entry;
    pyr_ref job, result;
    char text[80] = "def job():\n    ";
    MUST(strlen(program) < sizeof text - strlen(text) && pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    run(vm, strcat(text, program));
    MUST(pyr_lookup(vm, "__main__", "job", &job) == 0);
    /* What was compiled so far does not count. */
    worst_wait = 0;
    MUST(pyr_call(vm, job, NULL, 0, NULL, 0, &result) == 0);
    uint32_t most = worst_wait;
    MUST(pyr_drop(vm, job) == 0 && pyr_drop(vm, result) == 0 && pyr_leave(vm, &entry) == 0);
    figure(name, most);
}

/* Called from Python's safepoints: wakes the urgent task, then the one that takes all time. */
static int wake_high(pyr_vm *in, void *arg) {
    (void)in, (void)arg;
    hogging = 1;
    vTaskResume(middle); /* more urgent than Python: runs at once, until the tick wakes `high` */
    return 0;
}

/* A software timer by hand: every tick the urgent task is resumed. */
static volatile int ticking;
void vApplicationTickHook(void) {
    if (ticking) (void)xTaskResumeFromISR(high);
}

/* ---- The program ------------------------------------------------------------------------------------------------------------------ */

static void calls(void) {
    enum { N = 500 };
    pyr_entry entry;
    pyr_ref f, arg, result;
    int32_t n = 0;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    run(vm, "def add(n):\n    return n + 1\n");
    MUST(pyr_lookup(vm, "__main__", "add", &f) == 0);
    uint32_t start = now();
    for (int i = 0; i < N; i++) {
        MUST(pyr_new_int(vm, n, &arg) == 0);
        MUST(pyr_call(vm, f, &arg, 1, NULL, 0, &result) == 0);
        MUST(pyr_get_int32(vm, result, &n) == 0);
        MUST(pyr_drop(vm, arg) == 0 && pyr_drop(vm, result) == 0);
    }
    figure("call_attached", since(start) / N);
    MUST(n == N);
    start = now();
    for (int i = 0; i < N; i++) {
        pyr_entry inner;
        MUST(pyr_leave(vm, &entry) == 0);
        MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
        MUST(pyr_enter(vm, &inner, 0) == 0 && pyr_leave(vm, &inner) == 0);
    }
    figure("leave_and_enter", since(start) / N);
    MUST(pyr_leave(vm, &entry) == 0);
}

/* Waits a little, each time for another while: the counter's steps are coarse, and each of `PHASES` begins elsewhere in one. */
enum { PHASES = 41 };
static void shift_phase(int i) {
    for (volatile int spin = 0; spin < i % PHASES; spin++) {
    }
}

static uint32_t spent_in_interrupts(uint32_t n) {
    uint32_t spent = 0;
    for (uint32_t i = 0; i < n; i++) {
        shift_phase(i);
        interrupt();
        spent += isr_spent;
    }
    return spent;
}
/* Instructions of a post, over `n` interrupts: what calling it takes beyond calling a function that returns at once. */
static uint32_t mean_post(uint32_t n) {
    isr_post = no_post;
    uint32_t calling = spent_in_interrupts(n);
    isr_post = pyr_post;
    return (spent_in_interrupts(n) - calling) / n;
}

static void posts(void) {
    pyr_entry entry;
    pyr_ref f;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    run(vm, "import time\nserved = 0\nworst = 0\ntotal = 0\n"
            "ticks = time.ticks_cpu\ndiff = time.ticks_diff\n"
            "def note(at):\n"
            "    spent = diff(ticks(), at)\n"
            "    global served, worst, total\n"
            "    served += 1\n    total += spent\n    worst = max(worst, spent)\n"
            "def clear():\n    global served, worst, total\n    served = worst = total = 0\n"
            "clear()\n");
    MUST(pyr_lookup(vm, "__main__", "note", &f) == 0);
    MUST(pyr_keep(vm, f, &noted) == 0);
    /* The VM is busy: nobody is woken. */
    figure("post_busy", mean_post(PHASES));
    MUST(pyr_serve(vm, 0) == 0);
    MUST(number(vm, "served") == PHASES);
    /* The queue is full: refused and counted. */
    isr_count = POSTS + 3;
    interrupt();
    MUST(isr_lost == 3 && pyr_posts_lost(vm) == 3);
    MUST(pyr_serve(vm, 0) == 0);
    MUST(number(vm, "served") == PHASES + POSTS);
    run(vm, "clear()");
    MUST(pyr_leave(vm, &entry) == 0);
}

/* The task that serves while the rest posts to it. */
static void server_task(void *arg) {
    (void)arg;
    pyr_entry entry;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    (void)pyr_serve(vm, PYR_FOREVER_MS);
    MUST(pyr_leave(vm, &entry) == 0);
    for (;;) vTaskSuspend(NULL);
}

static void idle_posts(void) {
    enum { N = 8 * PHASES };
    pyr_entry entry;
    isr_count = 1;
    /* The server is more urgent: it has run and sleeps again when an interrupt returns. */
    figure("post_idle", mean_post(N));
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    MUST(number(vm, "served") == N);
    figure("isr_to_python_idle", (uint32_t)number(vm, "total") * STEP / N);
    run(vm, "clear()");
    MUST(pyr_leave(vm, &entry) == 0);
}

static int answer(pyr_vm *in, void *arg) {
    (void)in;
    return *(int *)arg + 1;
}

static void awaited(void) {
    enum { N = 100 };
    int n = 0;
    uint32_t start = now();
    for (int i = 0; i < N; i++) n = pyr_call_posted(vm, answer, &n, 1000);
    figure("call_posted", since(start) / N);
    MUST(n == N);
}

static void switches(void) {
    pyr_entry entry;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    run(vm, "import _thread, gc\n"
            "def plain(n, f=time.ticks_cpu):\n    for i in range(n):\n        f()\n"
            "def turns(n, f=time.sleep_us):\n    for i in range(n):\n        f(0)\n    done.release()\n"
            "done = _thread.allocate_lock()\ndone.acquire()\n"
            "t = time.ticks_cpu()\nplain(400)\nalone = time.ticks_diff(time.ticks_cpu(), t)\n"
            "_thread.start_new_thread(turns, (200,))\n"
            "t = time.ticks_cpu()\n"
            "def mine(n, f=time.sleep_us):\n    for i in range(n):\n        f(0)\n"
            "mine(200)\n"
            "spent = time.ticks_diff(time.ticks_cpu(), t)\ndone.acquire()\n");
    figure("switch_of_threads", (uint32_t)(number(vm, "spent") - number(vm, "alone")) * STEP / 400);
    run(vm, "def nothing():\n    done.acquire()\n"
            "time.sleep_ms(20)\ngc.collect()\nbefore = gc.mem_free()\n"
            "_thread.start_new_thread(nothing, (), stack_size=4096)\n"
            "room = before - gc.mem_free() - 4096\n"
            "done.release()\ntime.sleep_ms(20)\ngc.collect()\nlost = before - gc.mem_free()\n");
    figure("thread_beyond_its_stacks", (uint32_t)number(vm, "room"));
    MUST(number(vm, "lost") <= 0);
    MUST(pyr_leave(vm, &entry) == 0);
}

static void urgent(void) {
    pyr_entry entry;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    run(vm, "calls_in = 0\n"
            "def busy(n):\n    x = 0\n    for i in range(n):\n        x += i\n"
            "def garbage(n):\n    keep = []\n    for i in range(n):\n        keep.append([i, str(i)])\n        if len(keep) > 150:\n            keep = []\n"
            "def collect(n):\n    keep = [[i, str(i)] for i in range(300)]\n    for i in range(n):\n        gc.collect()\n"
            "def sort(n):\n    for i in range(n):\n        sorted([(j * 7919) % 257 for j in range(200)])\n");
    MUST(pyr_leave(vm, &entry) == 0);
    ticking = 1;
    inherit("wait_while_python_runs", "busy(20000)");
    inherit("wait_while_memory_is_used", "garbage(3000)");
    inherit("wait_while_collecting", "collect(20)");
    inherit("wait_while_sorting", "sort(60)");
    MUST(high_runs > 20);
    /* A task between the two takes all the time: only what Python inherits gets the urgent one in. */
    worst_wait = 0;
    high_runs = 0;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    MUST(pyr_post_job(vm, wake_high, NULL) == 0);
    run(vm, "busy(3000)");
    MUST(pyr_leave(vm, &entry) == 0);
    hogging = 0;
    ticking = 0;
    MUST(high_runs > 5);
    figure("wait_beside_a_hog", worst_wait);
    MUST(worst_wait < 100000);
}

static void two_vms(void) {
    pyr_vm *second;
    pyr_entry entry, other;
    struct pyr_memory m = {.abi_size = sizeof m};
    struct pyr_config one = {.abi_size = sizeof one, .fiber_bytes = FIBER_BYTES, .max_tasks = 1};
    MUST(pyr_open(second_memory, sizeof second_memory, &port, &one, &second) == 0);
    MUST(pyr_enter(second, &entry, 0) == 0);
    MUST(pyr_memory(second, &m) == 0);
    figure("vm_beyond_heap_and_stack", sizeof second_memory - m.heap - FIBER_BYTES);
    figure("heap_used_by_a_new_vm", m.used);
    run(second, "x = 1\ndef fill():\n    l = []\n    while True:\n        l.append([0] * 100)\n"
                "try:\n    fill()\nexcept MemoryError:\n    x = 2\n");
    MUST(pyr_set_limits(second, 1000, 0) == 0);
    MUST(pyr_exec(second, "while True:\n    pass", 21, "<rtos>", 0) == PYR_E_EXCEPTION);
    MUST(pyr_kill(second) == 0);
    MUST(pyr_set_limits(second, 0, 0) == 0);
    MUST(pyr_exec(second, "while True:\n    pass", 21, "<rtos>", 0) == PYR_E_EXCEPTION);
    MUST(pyr_enter(vm, &other, PYR_FOREVER_MS) == 0);
    run(vm, "for i in range(1000):\n    pass\n");
    MUST(pyr_leave(vm, &other) == 0);
    MUST(pyr_leave(second, &entry) == 0);
    MUST(pyr_close(second) == 0);
}

/* ---- Sections in which interrupts are masked --------------------------------------------------------------------------------- */

/* Of an operation that is done again and again, by their order in it: the counter's step is too coarse for one alone. */
enum { SECTIONS = 32 };
static struct {
    uint32_t spent[SECTIONS], times[SECTIONS];
} masked;
static uint32_t masked_at;
static int masked_depth, section;

static uintptr_t enter_measured(void *user) {
    uintptr_t state = pyr_freertos_critical_enter(user);
    if (masked_depth++ == 0) masked_at = now();
    return state;
}
static void exit_measured(void *user, uintptr_t state) {
    uint32_t at = now();
    /* The counter goes back where it has passed a tick that is masked too. */
    if (--masked_depth == 0 && section < SECTIONS && (int32_t)(at - masked_at) >= 0) {
        masked.spent[section] += at - masked_at;
        masked.times[section++]++;
    }
    pyr_freertos_critical_exit(user, state);
}

static pyr_vm *masking;
static pyr_ref masking_handler;
static pyr_queue *masking_queue;

/* A post, and its service. */
static void post_and_serve(void) {
    MUST(pyr_post(masking, masking_handler, 1) == 0);
    MUST(pyr_serve(masking, 0) == 0);
}
/* A message that nobody waits for. */
static void send_and_receive(void) {
    struct pyr_item item = pyr_item_int(5);
    MUST(pyr_queue_send(masking_queue, &item, 1, 0) == 0);
    MUST(pyr_queue_receive(masking_queue, &item, 1, NULL, 0, 0) == 1);
}
/* A message that a thread waits for. */
static void send_to_a_thread(void) { run(masking, "turn()"); }

static uint32_t longest_section(void (*operation)(void)) {
    uint32_t longest = 0;
    memset(&masked, 0, sizeof masked);
    for (int i = 0; i < 10 * PHASES; i++) {
        shift_phase(i);
        section = 0;
        operation();
    }
    for (int i = 0; i < SECTIONS && masked.times[i] > 0; i++) {
        uint32_t spent = masked.spent[i] * STEP / masked.times[i];
        spent = spent > overhead ? spent - overhead : 0;
        if (spent > longest) longest = spent;
    }
    return longest;
}

static void masks(void) {
    static uint8_t queue_memory[512] __attribute__((aligned(8)));
    struct pyr_config small = {.abi_size = sizeof small, .max_tasks = 1};
    struct pyr_port measured = port;
    pyr_entry entry;
    pyr_ref f, main, object;
    measured.critical_enter = enter_measured;
    measured.critical_exit = exit_measured;
    MUST(pyr_open(second_memory, sizeof second_memory, &measured, &small, &masking) == 0);
    MUST(pyr_queue_create(queue_memory, sizeof queue_memory, &measured, NULL, &masking_queue) == 0);
    MUST(pyr_enter(masking, &entry, 0) == 0);
    run(masking, "import _thread, time\ndef note(n):\n    pass\n");
    MUST(pyr_lookup(masking, "__main__", "note", &f) == 0 && pyr_keep(masking, f, &masking_handler) == 0);
    figure("masked_by_a_post", longest_section(post_and_serve));
    figure("masked_by_a_message", longest_section(send_and_receive));
    MUST(pyr_import(masking, "__main__", 8, &main) == 0 && pyr_queue_object(masking, masking_queue, &object) == 0);
    MUST(pyr_setattr(masking, main, "q", object) == 0);
    run(masking, "def listen():\n    for m in q:\n        pass\n_thread.start_new_thread(listen, ())\n"
                 "def turn():\n    q.put(1)\n    time.sleep_ms(1)\ntime.sleep_ms(5)\n");
    figure("masked_by_a_message_to_a_thread", longest_section(send_to_a_thread));
    MUST(pyr_leave(masking, &entry) == 0 && pyr_close(masking) == 0);
    MUST(pyr_queue_end(masking_queue) == 0);
}

/* ---- Natives with much to do --------------------------------------------------------------------------------------------------------- */

/* Whether one of the words of `rows` is in a row; NULL: every row. */
static int asked_for(const char *rows, const char *does) {
    static char words[256];
    if (rows == NULL) return 1;
    strncpy(words, rows, sizeof words - 1);
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
        if (strstr(does, word) != NULL) return 1;
    return 0;
}

/* In a VM with more memory, which takes the place of the first: the urgent task goes where `vm` says. */
static void long_natives(const char *rows) {
    static uint8_t wide_memory[768 * 1024] __attribute__((aligned(8)));
    static char program[512];
    pyr_entry entry;
    MUST(pyr_open(wide_memory, sizeof wide_memory, &port, &config, &vm) == 0);
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    MUST(pyr_set_modules(vm, c_modules, PYR_COUNT(c_modules)) == 0);
    run(vm, SETUP);
    MUST(pyr_leave(vm, &entry) == 0);
    ticking = 1;
    for (size_t i = 0; i < sizeof natives / sizeof natives[0]; i++) {
        MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
        run(vm, natives[i].setup);
        if (!asked_for(rows, natives[i].does)) {
            MUST(pyr_leave(vm, &entry) == 0);
            continue;
        }
        MUST(strlen(natives[i].does) < sizeof program - 60);
        strcpy(program, "def op():\n    ");
        strcat(program, natives[i].does);
        run(vm, program);
        /* What finalizers let go of is free after the second one. What was compiled so far does not count. */
        run(vm, "gc.collect()\ngc.collect()");
        pyr_ref measure, op, result;
        MUST(pyr_lookup(vm, "__main__", "measure", &measure) == 0 && pyr_lookup(vm, "__main__", "op", &op) == 0);
        worst_wait = 0;
        must_run(vm, pyr_call(vm, measure, &op, 1, NULL, 0, &result));
        uint32_t most = worst_wait;
        MUST(pyr_drop(vm, measure) == 0 && pyr_drop(vm, op) == 0 && pyr_drop(vm, result) == 0);
        MUST(pyr_leave(vm, &entry) == 0);
        say("wait in ");
        figure(natives[i].does, most);
    }
    ticking = 0;
}

static void main_task(void *arg) {
    static StaticTask_t server, highs, middles;
    static StackType_t server_stack[4096 / sizeof(StackType_t)], high_stack[4096 / sizeof(StackType_t)];
    static StackType_t middle_stack[1024 / sizeof(StackType_t)];
    static char command[256];
    /* Of the natives only those that the command line asks for, and nothing else. */
    const char *rows = semihosting_script(command, sizeof command);
    (void)arg;
    enum { N = 1000 };
    uint32_t start = now();
    for (int i = 0; i < N; i++) (void)now();
    overhead = (now() - start) * STEP / (N + 1);
    figure("reading_the_counter", overhead);
    nvic_enable(BOARD_TICK_IRQ, BOARD_RX_PRIORITY);
    MUST(pyr_open(memory, sizeof memory, &port, &config, &vm) == 0);
    high = xTaskCreateStatic(high_task, "high", sizeof high_stack / sizeof(StackType_t), NULL, 3, high_stack, &highs);
    if (rows == NULL) {
        calls();
        posts();
        (void)xTaskCreateStatic(server_task, "serve", sizeof server_stack / sizeof(StackType_t), NULL, 2, server_stack, &server);
        idle_posts();
        awaited();
        switches();
        middle = xTaskCreateStatic(middle_task, "middle", sizeof middle_stack / sizeof(StackType_t), NULL, 2, middle_stack, &middles);
        urgent();
        two_vms();
        masks();
    }
    if (LONG_NATIVES) long_natives(rows);
    say("ok\r\n");
    semihosting_exit(0);
}

int main(void) {
    static StaticTask_t task;
    static StackType_t stack[6144 / sizeof(StackType_t)];
    board_init();
    xTaskCreateStatic(main_task, "main", sizeof stack / sizeof(StackType_t), NULL, 1, stack, &task);
    vTaskStartScheduler();
    board_stop("the scheduler returned", __LINE__);
}
