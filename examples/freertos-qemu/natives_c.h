/* natives_c.h: what C does at a stretch with much of Python's data: the module `c` for the programs of natives.h. */

#include "pyrite.h"

#include <string.h>

#define LONG_BYTES 20000
#define LONG_ITEMS 1000

static char long_bytes[LONG_BYTES + 1];

/* Functions of one argument that give None: the arguments' kind, and what is done. */
#define C_FUNCTION(name, what)                                                                                         \
    static int c_##name(pyr_vm *in, void *self, const pyr_arg *args, pyr_arg *result) {                                \
        pyr_ref made;                                                                                                  \
        (void)self, (void)args, (void)result, (void)made;                                                              \
        return what;                                                                                                   \
    }

static const char *long_text(void) { return memset(long_bytes, 'x', LONG_BYTES); }

static int of_items(pyr_vm *in, pyr_ref item, int (*make)(pyr_vm *, const pyr_ref *, size_t, pyr_ref *)) {
    static pyr_ref items[LONG_ITEMS];
    pyr_ref made;
    for (size_t i = 0; i < LONG_ITEMS; i++) items[i] = item;
    return make(in, items, LONG_ITEMS, &made);
}

static int step_over(pyr_vm *in, pyr_ref dict) {
    uint32_t cursor = 0;
    pyr_ref key, value;
    return pyr_dict_next(in, dict, &cursor, &key, &value);
}

static int memory_figures(pyr_vm *in) {
    struct pyr_memory figures = {.abi_size = sizeof figures};
    return pyr_memory(in, &figures);
}

static pyr_queue *c_messages;

static int make_queue(pyr_vm *in, pyr_arg *result) {
    static uint8_t room[24 * 1024] __attribute__((aligned(8)));
    int status = pyr_queue_create(room, sizeof room, &port, NULL, &c_messages);
    return status < 0 ? status : pyr_queue_object(in, c_messages, &result->object);
}

static int gives_bytes(pyr_arg *result) {
    result->bytes.data = (void *)long_text();
    result->bytes.len = LONG_BYTES;
    return PYR_OK;
}

C_FUNCTION(new_str, pyr_new_str(in, long_text(), LONG_BYTES, &made))
C_FUNCTION(new_bytes, pyr_new_bytes(in, long_bytes, LONG_BYTES, &made))
C_FUNCTION(new_bytearray, pyr_new_bytearray(in, long_bytes, LONG_BYTES, &made))
C_FUNCTION(new_zeros, pyr_new_bytearray(in, NULL, LONG_BYTES, &made))
C_FUNCTION(new_int_bytes, pyr_new_int_bytes(in, long_bytes, 2500, 0, &made))
C_FUNCTION(get_int_bytes, pyr_get_int_bytes(in, args[0].object, long_bytes, 2501, 0))
C_FUNCTION(get_str, pyr_get_str(in, args[0].object, long_bytes, sizeof long_bytes, NULL))
C_FUNCTION(get_bytes, pyr_get_bytes(in, args[0].object, long_bytes, sizeof long_bytes, NULL))
C_FUNCTION(str, pyr_str(in, args[0].object, long_bytes, sizeof long_bytes, NULL))
C_FUNCTION(repr, pyr_repr(in, args[0].object, long_bytes, sizeof long_bytes, NULL))
C_FUNCTION(traceback, pyr_exc_traceback(in, args[0].object, long_bytes, sizeof long_bytes, NULL))
C_FUNCTION(message, pyr_exc_message(in, args[0].object, long_bytes, sizeof long_bytes, NULL))
C_FUNCTION(new_list, of_items(in, args[0].object, pyr_new_list))
C_FUNCTION(new_tuple, of_items(in, args[0].object, pyr_new_tuple))
C_FUNCTION(new_set, of_items(in, args[0].object, pyr_new_set))
C_FUNCTION(step_over, step_over(in, args[0].object))
C_FUNCTION(raise, pyr_raise(in, "ValueError", long_text()))
C_FUNCTION(exec, pyr_exec(in, args[0].bytes.data, args[0].bytes.len, "c", 0))
C_FUNCTION(run_mpy, pyr_run_mpy(in, args[0].bytes.data, args[0].bytes.len))
C_FUNCTION(memory, memory_figures(in))
C_FUNCTION(step, pyr_gc_step(in))
C_FUNCTION(collect, pyr_collect(in))
C_FUNCTION(queue, make_queue(in, result))
C_FUNCTION(take, 0)
C_FUNCTION(gives_str, gives_bytes(result))
C_FUNCTION(gives_bytes, gives_bytes(result))

static const struct pyr_param c_object[] = {PYR_PARAM(NULL, PYR_OBJECT)};
static const struct pyr_param c_text[] = {PYR_PARAM(NULL, PYR_STR)};
static const struct pyr_param c_data[] = {PYR_PARAM(NULL, PYR_BYTES)};
static const struct pyr_param c_rest[] = {PYR_PARAM(NULL, PYR_REST)};

#define C_PLAIN(f) PYR_FUNCTION_0(#f, c_##f, PYR_NOTHING)
#define C_TAKES(f, params) PYR_FUNCTION(#f, c_##f, params, PYR_NOTHING)

static const struct pyr_native c_functions[] = {
    C_PLAIN(new_str), C_PLAIN(new_bytes), C_PLAIN(new_bytearray), C_PLAIN(new_zeros), C_PLAIN(new_int_bytes),
    C_TAKES(get_int_bytes, c_object), C_TAKES(get_str, c_object), C_TAKES(get_bytes, c_object),
    C_TAKES(str, c_object), C_TAKES(repr, c_object), C_TAKES(traceback, c_object), C_TAKES(message, c_object),
    C_TAKES(new_list, c_object), C_TAKES(new_tuple, c_object), C_TAKES(new_set, c_object),
    C_TAKES(step_over, c_object), C_PLAIN(raise), C_TAKES(exec, c_text), C_TAKES(run_mpy, c_data), C_PLAIN(memory),
    C_PLAIN(step), C_PLAIN(collect), PYR_FUNCTION_0("queue", c_queue, PYR_OBJECT), C_TAKES(take, c_rest),
    PYR_FUNCTION_0("gives_str", c_gives_str, PYR_STR), PYR_FUNCTION_0("gives_bytes", c_gives_bytes, PYR_BYTES),
};
static const struct pyr_module c_module = PYR_MODULE("c", c_functions);
static const struct pyr_module *const c_modules[] = {&c_module};
