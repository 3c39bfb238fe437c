/* main.c: Python as one task among others, on each board that QEMU models.
 *
 * The VM gets all memory that the firmware does not use. A script named on QEMU's semihosting command line is run and
 * its status becomes QEMU's; without one there is a REPL on the UART, and ctrl-D starts a fresh VM.
 */
#include "console.h"
#include "semihosting.h"

#include <string.h>

/* One task uses Python here, so one value stack is enough. */
static const struct pyr_config config = {.abi_size = sizeof config, .fiber_bytes = BOARD_FIBER, .max_tasks = 1};

/* Reports what a [python] call returned; the status that a program would end with. */
static int finish(pyr_vm *vm, int result) {
    pyr_ref exception;
    int status = 0;
    if (result >= 0) return 0;
    if (result != PYR_E_EXCEPTION || pyr_exception(vm, &exception) < 0) {
        say(pyr_strerror(result));
        say("\r\n");
        return 1;
    }
    if (pyr_exc_exit(vm, exception, &status) == 1) return status;
    (void)pyr_exc_print(vm, exception);
    return 1;
}

static void python_task(void *arg) {
    (void)arg;
    static char command[BOARD_COMMAND_LINE];
    const char *script = semihosting_script(command, sizeof command);
    int measure = strncmp(command, "measure ", 8) == 0; /* cargo xtask run --stack */
    uint32_t mode = 0;
    size_t len = (size_t)(_heap_end - _heap_start);
    if (BOARD_PYTHON_BYTES != 0 && len > BOARD_PYTHON_BYTES) len = BOARD_PYTHON_BYTES;
    board_rx_start();
    for (;;) {
        pyr_vm *vm;
        static pyr_entry entry; /* the task never ends; its stack is for Python */
        int result = pyr_open(_heap_start, len, &port, &config, &vm);
        if (result < 0 || (result = pyr_enter(vm, &entry, PYR_FOREVER_MS)) < 0) board_stop(pyr_strerror(result), __LINE__);
#ifdef BOARD_MACHINE
        if ((result = pyr_set_machine(vm, &board_machine)) < 0) board_stop(pyr_strerror(result), __LINE__);
#endif
        uart.vm = vm;
        result = script != NULL ? pyr_run_file(vm, script) : pyr_repl(vm, mode);
        int status = finish(vm, result);
        mode = result == PYR_REPL_END_RAW ? PYR_REPL_RAW : 0;
        uart.vm = NULL;
        (void)pyr_leave(vm, &entry);
        (void)pyr_close(vm);
        if (script != NULL) {
            if (measure) say_number("stack used: ", BOARD_PYTHON_STACK - uxTaskGetStackHighWaterMark(NULL) * sizeof(StackType_t));
            semihosting_exit(status);
        }
        say("MPY: soft reboot\r\n"); /* what MicroPython's tools wait for */
    }
}

/* The rest of somebody's firmware: it must run on time whatever Python does. */
static volatile uint32_t beats;
static void heartbeat_task(void *arg) {
    (void)arg;
    for (;;) {
        beats++;
        vTaskDelay(configTICK_RATE_HZ / 10);
    }
}

int main(void) {
    static StaticTask_t python, heartbeat;
    static StackType_t python_stack[BOARD_PYTHON_STACK / sizeof(StackType_t)];
    static StackType_t heartbeat_stack[BOARD_IDLE_STACK_WORDS];
    board_init();
    xTaskCreateStatic(python_task, "python", sizeof python_stack / sizeof(StackType_t), NULL, 1, python_stack, &python);
    xTaskCreateStatic(heartbeat_task, "beat", BOARD_IDLE_STACK_WORDS, NULL, 2, heartbeat_stack, &heartbeat);
    vTaskStartScheduler();
    board_stop("the scheduler returned", __LINE__);
}
