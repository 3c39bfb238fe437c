/* zephyr_thread.c: zephyr.Thread, what the kernel knows of one thread at one time, and zephyr.threads(), a list of them
 * (looks.h). */
#include "looks.h"
#include "zephyr_parts.h"

#include <zephyr/sys/printk.h>

/* Thread([id]): the caller's own without an id. */
static int thread_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    const struct k_thread *wanted = (const struct k_thread *)(uintptr_t)args[0].u64;
    struct pyr_thread_look look;
    if (!pyr_look_at_thread(wanted != NULL ? wanted : k_current_get(), &look)) {
        return pyr_raise(vm, "ValueError", "no such thread");
    }
    *(struct pyr_thread_look *)self = look;
    return PYR_OK;
}

static int get_id(PYR_NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(args);
    result->u64 = (uintptr_t)((struct pyr_thread_look *)self)->id;
    return PYR_OK;
}

#define GET_TEXT(member)                                                                                               \
    static int get_##member(PYR_NATIVE) {                                                                              \
        ARG_UNUSED(args);                                                                                              \
        return pyr_zephyr_text(vm, ((struct pyr_thread_look *)self)->member, &result->object);                                  \
    }
#define GET_NUMBER(member, kind)                                                                                       \
    static int get_##member(PYR_NATIVE) {                                                                              \
        ARG_UNUSED(vm), ARG_UNUSED(args);                                                                              \
        result->kind = ((struct pyr_thread_look *)self)->member;                                                                \
        return PYR_OK;                                                                                                 \
    }
GET_TEXT(name)
GET_TEXT(state)
GET_NUMBER(priority, i32)
GET_NUMBER(stack, u32)
GET_NUMBER(unused, u32)
GET_NUMBER(cycles, u64)

static int thread_repr(PYR_NATIVE) {
    ARG_UNUSED(args);
    const struct pyr_thread_look *thread = self;
    char text[CONFIG_PYRITE_ZEPHYR_THREAD_NAME + 96];
    snprintk(text, sizeof text, "<Thread %s: %s, priority %d, stack %u, unused %u>", thread->name, thread->state,
             thread->priority, thread->stack, thread->unused);
    return pyr_zephyr_text(vm, text, &result->object);
}

static const struct pyr_param make_params[] = {PYR_PARAM_OR("id", PYR_UINT64, 0)};
static const struct pyr_native pyr_zephyr_thread_members[] = {
    PYR_METHOD("__init__", thread_make, make_params, PYR_NOTHING),
    PYR_METHOD_0("__repr__", thread_repr, PYR_OBJECT),
    PYR_GETTER("id", get_id, PYR_UINT64),
    PYR_GETTER("name", get_name, PYR_OBJECT),
    PYR_GETTER("state", get_state, PYR_OBJECT),
    PYR_GETTER("priority", get_priority, PYR_INT),
    PYR_GETTER("stack", get_stack, PYR_UINT),
    PYR_GETTER("unused", get_unused, PYR_UINT),
    PYR_GETTER("cycles", get_cycles, PYR_UINT64),
};
PYR_CLASS_DEFINE(pyr_zephyr_thread, "Thread", struct pyr_thread_look);

int pyr_zephyr_threads(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(args);
    pyr_ref class, id, thread;
    void *data;
    int status = pyr_lookup(vm, "zephyr", "Thread", &class);
    if (status >= 0) status = pyr_new_list(vm, NULL, 0, &result->object);
    for (size_t i = 0; status >= 0; i++) {
        struct pyr_thread_look look;
        if (!pyr_look_at_nth_thread(i, &look) || (status = pyr_push_frame(vm, 3)) < 0) break;
        /* Made as the caller's own, which is always there, and filled with what was seen. */
        status = pyr_new_int(vm, 0, &id);
        if (status >= 0) status = pyr_call(vm, class, &id, 1, NULL, 0, &thread);
        if (status >= 0) status = pyr_data(vm, thread, &pyr_zephyr_thread, &data);
        if (status >= 0) {
            *(struct pyr_thread_look *)data = look;
            status = pyr_call_method(vm, result->object, "append", &thread, 1, NULL, 0, NULL);
        }
        (void)pyr_pop_frame(vm);
    }
    return status;
}
