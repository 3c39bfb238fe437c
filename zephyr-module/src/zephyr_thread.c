/* zephyr_thread.c: zephyr.Thread, what the kernel knows of one thread at one time, and zephyr.threads(), a list of them.
 *
 * A look is taken under the kernel's lock and copied, because objects cannot be made there; threads that begin while the
 * list is made are left out, and one that ends may be missing. How much of a stack was used is found out without the lock,
 * from the copied bounds: the memory is still there should the thread have ended meanwhile.
 */
#include "zephyr_parts.h"

#include <zephyr/sys/printk.h>

#include <string.h>

struct thread {
    const struct k_thread *id; /* a number: nothing is read through it */
    char name[CONFIG_PYRITE_ZEPHYR_THREAD_NAME];
    char state[16];
    int priority;
    uint32_t stack, unused;
    uint64_t cycles;
};

struct look {
    const struct k_thread *wanted; /* or NULL */
    size_t index, at;              /* else the one of this number */
    struct thread found;
    struct k_thread bounds; /* only stack_info */
};

static void look_at(const struct k_thread *thread, void *user) {
    struct look *look = user;
    k_tid_t id = (k_tid_t)thread;
    if (look->wanted != NULL ? thread != look->wanted : look->at++ != look->index) return;
    const char *name = k_thread_name_get(id);
    look->found.id = thread;
    if (name != NULL) strncpy(look->found.name, name, sizeof look->found.name - 1);
    look->found.priority = k_thread_priority_get(id);
    look->found.stack = (uint32_t)thread->stack_info.size;
    (void)k_thread_state_str(id, look->found.state, sizeof look->found.state);
    look->bounds.stack_info = thread->stack_info;
#ifdef CONFIG_SCHED_THREAD_USAGE
    look->found.cycles = thread->base.usage.total;
#endif
}

static bool take_look(struct look *look) {
    k_thread_foreach(look_at, look);
    if (look->found.id == NULL) return false;
#ifdef CONFIG_INIT_STACKS
    size_t unused = 0;
    if (k_thread_stack_space_get(&look->bounds, &unused) == 0) look->found.unused = (uint32_t)unused;
#endif
    return true;
}

/* Thread([id]): the caller's own without an id. */
static int thread_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct look look = {.wanted = (const struct k_thread *)(uintptr_t)args[0].u64};
    if (look.wanted == NULL) look.wanted = k_current_get();
    if (!take_look(&look)) return pyr_raise(vm, "ValueError", "no such thread");
    *(struct thread *)self = look.found;
    return PYR_OK;
}

static int get_id(PYR_NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(args);
    result->u64 = (uintptr_t)((struct thread *)self)->id;
    return PYR_OK;
}

#define GET_TEXT(member)                                                                                               \
    static int get_##member(PYR_NATIVE) {                                                                              \
        ARG_UNUSED(args);                                                                                              \
        return pyr_zephyr_text(vm, ((struct thread *)self)->member, &result->object);                                  \
    }
#define GET_NUMBER(member, kind)                                                                                       \
    static int get_##member(PYR_NATIVE) {                                                                              \
        ARG_UNUSED(vm), ARG_UNUSED(args);                                                                              \
        result->kind = ((struct thread *)self)->member;                                                                \
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
    const struct thread *thread = self;
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
PYR_CLASS_DEFINE(pyr_zephyr_thread, "Thread", struct thread);

int pyr_zephyr_threads(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(args);
    pyr_ref class, id, thread;
    void *data;
    int status = pyr_lookup(vm, "zephyr", "Thread", &class);
    if (status >= 0) status = pyr_new_list(vm, NULL, 0, &result->object);
    for (size_t i = 0; status >= 0; i++) {
        struct look look = {.index = i};
        if (!take_look(&look) || (status = pyr_push_frame(vm, 3)) < 0) break;
        /* Made as the caller's own, which is always there, and filled with what was seen. */
        status = pyr_new_int(vm, 0, &id);
        if (status >= 0) status = pyr_call(vm, class, &id, 1, NULL, 0, &thread);
        if (status >= 0) status = pyr_data(vm, thread, &pyr_zephyr_thread, &data);
        if (status >= 0) {
            *(struct thread *)data = look.found;
            status = pyr_call_method(vm, result->object, "append", &thread, 1, NULL, 0, NULL);
        }
        (void)pyr_pop_frame(vm);
    }
    return status;
}
