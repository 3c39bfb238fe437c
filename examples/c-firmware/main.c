/* main.c: two C tasks call one Python function, and read its results and its exception; the files beside show the rest of
 * pyrite.h, one side each.
 *
 * The first task opens the VM and loads the program; then both call in, each waiting for the other. QEMU ends with
 * status 0 if every answer was right.
 */
#include "app.h"
#include "firmware.h"
#include "pyrite_freertos.h"
#include "semihosting.h"

#include <string.h>

/* python/scale.py as bytecode, which runs in flash: CMake makes frozen.c of the folder. */
extern const uint8_t pyrite_frozen[];
extern const size_t pyrite_frozen_len;

static const char program[] = "from scale import scale\n";
#define RAISING_LINE 3

static uint8_t python_memory[48 * 1024] __attribute__((aligned(8)));
pyr_vm *vm;
static volatile int ready, right;

static uint8_t ring[64];
static int uart_write(const uint8_t *buf, size_t len) {
    for (size_t i = 0; i < len; i++) board_putc(buf[i]);
    return (int)len;
}
static struct pyr_freertos_console uart = {.ring = ring, .mask = sizeof ring - 1, .write = uart_write};
void app_rx(uint8_t byte) { (void)pyr_freertos_rx(&uart, byte); }

void say(const char *text) {
    while (*text != 0) board_putc((uint8_t)*text++);
}

void say_number(const char *before, int32_t number) {
    char digits[12] = {0};
    size_t at = sizeof digits - 1;
    uint32_t rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
    do digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0) digits[--at] = '-';
    say(before);
    say(digits + at);
    say("\r\n");
}

void board_stop(const char *what, int line) {
    say(what);
    say_number(", line ", line);
    semihosting_exit(99);
}

static void fatal(void *user, const char *reason) {
    (void)user;
    board_stop(reason, 0);
}

const struct pyr_port firmware_port = {
    PYR_FREERTOS_PORT, .clock_us = board_clock_us, .fatal = fatal, .files = &flash_files, .user = &uart};

int must(int status, int line) {
    pyr_ref exception;
    if (status == PYR_E_EXCEPTION && pyr_exception(vm, &exception) == PYR_OK) (void)pyr_exc_print(vm, exception);
    if (status < 0) board_stop(pyr_strerror(status), line);
    return status;
}

void must_hold(int holds, const char *what, int line) {
    if (!holds) board_stop(what, line);
}

void run(const char *program_text) { MUST(pyr_exec(vm, program_text, strlen(program_text), "example", 0)); }

/* scale(value) or scale(value, by=by): the result in `*out`, or PYR_E_EXCEPTION. */
static int scale(int32_t value, int32_t by, int32_t *out) {
    pyr_ref function, argument, result;
    struct pyr_keyword keyword = {.name = "by"};
    MUST(pyr_push_frame(vm, 4));
    MUST(pyr_lookup(vm, "__main__", "scale", &function));
    MUST(pyr_new_int(vm, value, &argument));
    if (by != 0) MUST(pyr_new_int(vm, by, &keyword.value));
    int status = pyr_call(vm, function, &argument, 1, &keyword, by != 0, &result);
    if (status == 0) status = pyr_get_int32(vm, result, out);
    MUST(pyr_pop_frame(vm));
    return status;
}

static void calls(const char *who, int32_t value, int32_t by) {
    pyr_entry entry;
    int32_t answer = 0;
    MUST(pyr_enter(vm, &entry, 1000));
    MUST(scale(value, by, &answer)); /* must() would show an exception */
    MUST(pyr_leave(vm, &entry));
    say(who);
    say_number(": scale gives ", answer);
    if (answer == 42) right++;
}

static void raises(void) {
    pyr_entry entry;
    pyr_ref exception;
    char type[24], message[32], file[24];
    uint32_t line = 0;
    int32_t nothing;
    MUST(pyr_enter(vm, &entry, 1000));
    if (scale(-7, 0, &nothing) != PYR_E_EXCEPTION) board_stop("no exception came", __LINE__);
    MUST(pyr_exception(vm, &exception));
    MUST(pyr_exc_type(vm, exception, type, sizeof type, NULL));
    MUST(pyr_exc_message(vm, exception, message, sizeof message, NULL));
    MUST(pyr_exc_line(vm, exception, file, sizeof file, &line));
    MUST(pyr_leave(vm, &entry));
    say(type);
    say(": ");
    say(message);
    say(" in ");
    say(file);
    say_number(", line ", (int32_t)line);
    if (strcmp(type, "ValueError") == 0 && strcmp(message, "negative: -7") == 0 && line == RAISING_LINE) right++;
}

static void first_task(void *arg) {
    (void)arg;
    pyr_entry entry;
    board_rx_start();
    MUST(pyr_open(python_memory, sizeof python_memory, &firmware_port, NULL, &vm));
    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS));
    MUST(pyr_set_frozen(vm, pyrite_frozen, pyrite_frozen_len));
    MUST(pyr_set_modules(vm, firmware_modules, firmware_modules_len));
    MUST(pyr_exec(vm, program, sizeof program - 1, "main.py", 0));
    MUST(pyr_leave(vm, &entry));
    uart.vm = vm;
    ready = 1;
    calls("first task", 21, 0);
    raises();
    while (right < 3) vTaskDelay(1);

    MUST(pyr_enter(vm, &entry, PYR_FOREVER_MS));
    show_objects();
    show_exceptions();
    show_natives();
    show_buffers();
    show_queues();
    run("import tuning\nassert tuning.curve(4) == 17 and 'name=pump' in open('/config.txt').read()\n");
    show_limits();
    MUST(pyr_leave(vm, &entry));
    uart.vm = NULL; /* ctrl-C does not look for it any more */
    MUST(pyr_close(vm));
    say("both tasks got what they asked for\r\n");
    semihosting_exit(0);
}

static void second_task(void *arg) {
    (void)arg;
    while (!ready) vTaskDelay(1);
    calls("second task", 14, 3);
    for (;;) vTaskDelay(portMAX_DELAY);
}

void vApplicationIdleHook(void) { __asm volatile("wfi"); }

void vApplicationGetIdleTaskMemory(StaticTask_t **tcb, StackType_t **stack, configSTACK_DEPTH_TYPE *words) {
    static StaticTask_t idle;
    static StackType_t idle_stack[configMINIMAL_STACK_SIZE];
    *tcb = &idle;
    *stack = idle_stack;
    *words = configMINIMAL_STACK_SIZE;
}

int main(void) {
    static StaticTask_t first, second;
    static StackType_t first_stack[4096 / sizeof(StackType_t)], second_stack[3072 / sizeof(StackType_t)];
    board_init();
    xTaskCreateStatic(first_task, "first", sizeof first_stack / sizeof(StackType_t), NULL, 1, first_stack, &first);
    xTaskCreateStatic(second_task, "second", sizeof second_stack / sizeof(StackType_t), NULL, 1, second_stack, &second);
    vTaskStartScheduler();
    board_stop("the scheduler returned", __LINE__);
}
