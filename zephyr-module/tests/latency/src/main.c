/* main.c: what calls from C into Python cost, and how long an interrupt waits for its Python function; in instructions.
 *
 * The same figures, made the same way, as those of FreeRTOS (examples/freertos-qemu/rtos.c). QEMU executes an instruction
 * in 2^CONFIG_QEMU_ICOUNT_SHIFT nanoseconds.
 */
#include <zephyr/irq.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <cmsis_core.h>
#include <string.h>

#include "pyrite_zephyr.h"

#define LINE 30 /* an interrupt that no device of mps2/an385 has */
#define N 200

PYR_ZEPHYR_CONSOLE(console, NULL);
static const struct pyr_port port = {PYR_ZEPHYR_PORT, .user = &console};
static const struct pyr_config config = {.abi_size = sizeof config, .fiber_bytes = 4096, .max_tasks = 3, .events = 64};
static uint8_t memory[64 * 1024] __aligned(8);
static pyr_vm *vm;
static pyr_ref noted; /* kept: the Python function that the interrupt posts to */
static uint32_t isr_spent;
static int wrong;

static void must(bool done, int line) {
    if (done) return;
    wrong++;
    printk("wrong, line %d\n", line);
}
#define MUST(x) must((x), __LINE__)

static uint32_t instructions(uint64_t counts) {
    return (uint32_t)((counts * NSEC_PER_SEC / sys_clock_hw_cycles_per_sec()) >> CONFIG_QEMU_ICOUNT_SHIFT);
}

static void run(const char *source) { MUST(pyr_exec(vm, source, strlen(source), "<latency>", 0) == 0); }

static int32_t number(const char *name) {
    pyr_ref ref;
    int32_t n = 0;
    MUST(pyr_lookup(vm, "__main__", name, &ref) == 0);
    MUST(pyr_get_int32(vm, ref, &n) == 0);
    MUST(pyr_drop(vm, ref) == 0);
    return n;
}

static void interrupt(const void *unused) {
    ARG_UNUSED(unused);
    uint32_t at = k_cycle_get_32();
    MUST(pyr_post(vm, noted, (int32_t)(at & 0x3fffffff)) == 0);
    isr_spent += k_cycle_get_32() - at;
}

static void calls(void) {
    pyr_entry entry;
    pyr_ref f, arg, result;
    int32_t n = 0;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    run("def add(n):\n    return n + 1\n");
    MUST(pyr_lookup(vm, "__main__", "add", &f) == 0);
    uint32_t start = k_cycle_get_32();
    for (int i = 0; i < N; i++) {
        MUST(pyr_new_int(vm, n, &arg) == 0);
        MUST(pyr_call(vm, f, &arg, 1, NULL, 0, &result) == 0);
        MUST(pyr_get_int32(vm, result, &n) == 0);
        MUST(pyr_drop(vm, arg) == 0 && pyr_drop(vm, result) == 0);
    }
    printk("call_attached %u\n", instructions(k_cycle_get_32() - start) / N);
    MUST(n == N);
    start = k_cycle_get_32();
    for (int i = 0; i < N; i++) {
        pyr_entry inner;
        MUST(pyr_leave(vm, &entry) == 0);
        MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
        MUST(pyr_enter(vm, &inner, 0) == 0 && pyr_leave(vm, &inner) == 0);
    }
    printk("leave_and_enter %u\n", instructions(k_cycle_get_32() - start) / N);
    run("import time\nserved = 0\ntotal = 0\nticks = time.ticks_cpu\ndiff = time.ticks_diff\n"
        "def note(at):\n"
        "    spent = diff(ticks(), at)\n"
        "    global served, total\n"
        "    served += 1\n    total += spent\n");
    MUST(pyr_lookup(vm, "__main__", "note", &f) == 0);
    MUST(pyr_keep(vm, f, &noted) == 0);
    MUST(pyr_leave(vm, &entry) == 0);
}

static void server(void *a, void *b, void *c) {
    ARG_UNUSED(a), ARG_UNUSED(b), ARG_UNUSED(c);
    pyr_entry entry;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    (void)pyr_serve(vm, PYR_FOREVER_MS);
    MUST(pyr_leave(vm, &entry) == 0);
}

K_THREAD_STACK_DEFINE(server_stack, 4096);
static struct k_thread server_thread;

static int answer(pyr_vm *in, void *arg) {
    ARG_UNUSED(in);
    return *(int *)arg + 1;
}

int main(void) {
    MUST(pyr_open(memory, sizeof memory, &port, &config, &vm) == 0);
    if (wrong != 0) return 0;
    calls();
    IRQ_CONNECT(LINE, 1, interrupt, NULL, 0);
    irq_enable(LINE);
    /* More urgent than this thread: it has served and sleeps again when an interrupt returns. */
    (void)k_thread_create(&server_thread, server_stack, K_THREAD_STACK_SIZEOF(server_stack), server, NULL, NULL, NULL, 4,
                          0, K_NO_WAIT);
    for (int i = 0; i < N; i++) {
        NVIC_SetPendingIRQ(LINE);
        __DSB();
        __ISB();
    }
    printk("post_idle %u\n", instructions(isr_spent) / N);
    pyr_entry entry;
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS) == 0);
    MUST(number("served") == N);
    printk("isr_to_python_idle %u\n", instructions((uint32_t)number("total")) / N);
    MUST(pyr_leave(vm, &entry) == 0);
    int n = 0;
    uint32_t start = k_cycle_get_32();
    for (int i = 0; i < N; i++) n = pyr_call_posted(vm, answer, &n, 1000);
    printk("call_posted %u\n", instructions(k_cycle_get_32() - start) / N);
    MUST(n == N);
    printk("latency: %s\n", wrong == 0 ? "PASSED" : "FAILED");
    return 0;
}
