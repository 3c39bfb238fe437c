/* main.c: opens two VMs over the POSIX port and runs the tests of the C API. Compiled as C11 and as C++17. */
#include "check.h"
#include "pyrite_posix.h"

int checks, failures; /* other threads count too */
pyr_vm *other_vm;

static int count(int *counter) { return __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED); }

void check(int right, const char *what, const char *file, int line) {
    count(&checks);
    if (right) return;
    count(&failures);
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
}

void check_is(int result, int expected, const char *what, const char *file, int line) {
    count(&checks);
    if (result == expected) return;
    count(&failures);
    fprintf(stderr, "%s:%d: %s gave %d (%s) instead of %d\n", file, line, what, result, pyr_strerror(result), expected);
}

void runs(pyr_vm *vm, const char *source, const char *file, int line) {
    pyr_ref exception;
    int status = exec(vm, source);
    check_is(status, PYR_OK, "program", file, line);
    if (status == PYR_E_EXCEPTION && pyr_exception(vm, &exception) == PYR_OK) pyr_exc_print(vm, exception);
}

int exec(pyr_vm *vm, const char *source) { return pyr_exec(vm, source, strlen(source), "test.py", 0); }

pyr_ref eval(pyr_vm *vm, const char *source) {
    pyr_ref out = nobody;
    int status = pyr_eval(vm, source, strlen(source), "eval", &out);
    if (status != PYR_OK) {
        fprintf(stderr, "%s\n", source);
        IS(status, PYR_OK);
    }
    return out;
}

int raised(pyr_vm *vm, const char *type, const char *message) {
    char got[60], text[120];
    pyr_ref exception;
    if (pyr_exception(vm, &exception) != PYR_OK) return 0;
    pyr_exc_type(vm, exception, got, sizeof got, NULL);
    pyr_exc_message(vm, exception, text, sizeof text, NULL);
    int right = strcmp(got, type) == 0 && (message == NULL || strcmp(text, message) == 0);
    if (!right) fprintf(stderr, "raised %s: %s\n", got, text);
    OK(pyr_drop(vm, exception));
    return right;
}

static const struct {
    const char *name;
    void (*run)(pyr_vm *vm);
} tests[] = {
    {"objects", test_objects}, {"numbers", test_numbers}, {"exceptions", test_exceptions}, {"buffers", test_buffers},
    {"natives", test_natives}, {"classes", test_classes}, {"queues", test_queues},
    {"machine", test_machine}, {"hostile", test_hostile}, {"tasks", test_tasks}, {"waits", test_waits},
};

static pyr_vm *open_vm(void *memory, size_t size) {
    pyr_vm *vm = NULL;
    struct pyr_config config;
    memset(&config, 0, sizeof config);
    config.abi_size = sizeof config;
    config.max_tasks = 4;
    config.refs = 40;
    IS(pyr_open(memory, size, pyr_posix_port(), &config, &vm), PYR_OK);
    return vm;
}

int main(void) {
    static uint64_t memory[64 * 1024], other_memory[8 * 1024];
    other_vm = open_vm(other_memory, sizeof other_memory);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        /* Each with a VM of its own, in the same memory, with every reference given back at the end. */
        pyr_vm *vm = open_vm(memory, sizeof memory);
        pyr_entry entry, other_entry;
        int before = failures;
        OK(pyr_enter(vm, &entry, PYR_FOREVER_MS));
        OK(pyr_enter(other_vm, &other_entry, PYR_FOREVER_MS));
        tests[i].run(vm);
        OK(pyr_leave(other_vm, &other_entry));
        OK(pyr_leave(vm, &entry));
        OK(pyr_enter(vm, &entry, 0));
        OK(pyr_push_frame(vm, 40)); /* all references are free again */
        OK(pyr_leave(vm, &entry));
        OK(pyr_close(vm));
        if (failures != before) fprintf(stderr, "%s: %d failed\n", tests[i].name, failures - before);
    }
    OK(pyr_close(other_vm));
    printf("C API: %d checks, %d failed\n", checks, failures);
    return failures != 0;
}
