/* main.c: a C thread calls a Python function, and gets its results and its exception. */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "pyrite_zephyr.h"

/* scale(value): the result in `*out`, or what went wrong. */
static int scale(pyr_vm *vm, int32_t value, int32_t *out) {
    pyr_ref function, argument, result;
    int status = pyr_push_frame(vm, 3);
    if (status < 0) return status;
    status = pyr_lookup(vm, "__main__", "scale", &function);
    if (status >= 0) status = pyr_new_int(vm, value, &argument);
    if (status >= 0) status = pyr_call(vm, function, &argument, 1, NULL, 0, &result);
    if (status >= 0) status = pyr_get_int32(vm, result, out);
    (void)pyr_pop_frame(vm);
    return status;
}

/* The program at boot has its own thread: whether it has come to where it defines `name`. */
static bool is_defined(const char *name) {
    pyr_entry entry;
    pyr_vm *vm;
    pyr_ref found;
    if (pyr_zephyr_enter(&entry, K_FOREVER, &vm) < 0) return false;
    bool defined = pyr_lookup(vm, "__main__", name, &found) >= 0;
    (void)pyr_zephyr_leave(vm, &entry);
    return defined;
}

static void call(int32_t value) {
    pyr_entry entry;
    pyr_vm *vm;
    int32_t answer;
    /* Waits until the interpreter is open, then until no other thread is inside. */
    int status = pyr_zephyr_enter(&entry, K_SECONDS(10), &vm);
    if (status < 0) {
        printk("cannot enter: %s\n", pyr_strerror(status));
        return;
    }
    status = scale(vm, value, &answer);
    if (status >= 0) {
        printk("scale(%d) gives %d\n", value, answer);
    } else if (status == PYR_E_EXCEPTION) {
        pyr_ref exception;
        char type[24], message[32];
        if (pyr_exception(vm, &exception) >= 0 && pyr_exc_type(vm, exception, type, sizeof type, NULL) >= 0 &&
            pyr_exc_message(vm, exception, message, sizeof message, NULL) >= 0) {
            printk("scale(%d) raised %s: %s\n", value, type, message);
        }
    } else {
        printk("scale(%d): %s\n", value, pyr_strerror(status));
    }
    (void)pyr_zephyr_leave(vm, &entry);
}

int main(void) {
    while (!is_defined("scale")) k_msleep(10);
    call(21);
    call(-7);
    call(50);
    printk("done\n");
    return 0;
}
