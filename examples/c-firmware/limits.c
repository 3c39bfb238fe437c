/* limits.c: a call that takes too long ends; memory is counted, and collected when there is time. */
#include "firmware.h"

void show_limits(void) {
    struct pyr_memory memory = {.abi_size = sizeof memory};
    pyr_ref exception;
    static const char endless[] = "while True:\n    pass\n";

    MUST(pyr_push_frame(vm, 2));
    MUST(pyr_set_limits(vm, 10000, 0)); /* safepoints; the second number is milliseconds */
    MUST_HOLD(pyr_exec(vm, endless, sizeof endless - 1, "endless.py", 0) == PYR_E_EXCEPTION);
    MUST(pyr_exception(vm, &exception));
    MUST_HOLD(pyr_exc_is(vm, exception, "TimeoutError") == 1);
    MUST(pyr_set_limits(vm, 0, 20));
    MUST_HOLD(pyr_exec(vm, endless, sizeof endless - 1, "endless.py", 0) == PYR_E_EXCEPTION);
    MUST(pyr_set_limits(vm, 0, 0));
    run("assert sum(range(1000)) == 499500\n"); /* the VM is as before */
    MUST(pyr_pop_frame(vm));

    /* A program that wants more than there is gets MemoryError; C goes on. */
    run("hoard = []\n"
        "try:\n    while True:\n        hoard.append(bytearray(500))\n"
        "except MemoryError:\n    pass\n"
        "hoard = None\n");
    MUST(pyr_collect(vm)); /* or pyr_gc_step from the idle task, a step at a time */
    MUST(pyr_memory(vm, &memory));
    MUST_HOLD(memory.free > memory.heap / 2 && memory.longest_step <= 20000);
    say_number("limits: kept; bytes of heap in use ", (int32_t)memory.used);
}
