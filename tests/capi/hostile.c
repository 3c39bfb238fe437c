/* hostile.c: wrong use is a negative status and has no effect: NULL, a VM that is none, foreign and ended references,
 * other tasks, wrong order, twice closed. Every function that takes a reference is called with bad ones. */
#include "check.h"
#include "pyrite_posix.h"

#include <pthread.h>

static const struct pyr_native nothing = PYR_FUNCTION_0("f", NULL, PYR_NOTHING);

/* Calls every function with this reference and VM; each must give `expected`. */
static void all_refuse(pyr_vm *vm, pyr_ref bad, int expected) {
    pyr_ref out = nobody;
    char buf[8];
    size_t len = 77;
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32 = 0;
    uint64_t u64;
    double real;
    int status;
    struct pyr_buffer buffer;
    void *data;
    static const struct pyr_class some_class = {sizeof(struct pyr_class), 0, "C", NULL, NULL, 0, 0};
    struct pyr_keyword keyword = {"k", nobody};
    keyword.value = bad;
#define NO(call) IS(call, expected)
    NO(pyr_keep(vm, bad, &out));
    NO(pyr_drop(vm, bad));
    NO(pyr_getattr(vm, bad, "x", &out));
    NO(pyr_setattr(vm, bad, "x", bad));
    NO(pyr_delattr(vm, bad, "x"));
    NO(pyr_hasattr(vm, bad, "x"));
    NO(pyr_call(vm, bad, NULL, 0, NULL, 0, &out));
    NO(pyr_call(vm, bad, &bad, 1, &keyword, 1, NULL));
    NO(pyr_call_method(vm, bad, "x", NULL, 0, NULL, 0, &out));
    NO(pyr_getitem(vm, bad, bad, &out));
    NO(pyr_setitem(vm, bad, bad, bad));
    NO(pyr_delitem(vm, bad, bad));
    NO(pyr_contains(vm, bad, bad));
    NO(pyr_len(vm, bad));
    NO(pyr_item(vm, bad, 0, &out));
    NO(pyr_dict_next(vm, bad, &u32, &out, &out));
    NO(pyr_compare(vm, bad, bad, PYR_EQ));
    NO(pyr_is(vm, bad, bad));
    NO(pyr_kind(vm, bad));
    NO(pyr_type(vm, bad, &out));
    NO(pyr_isinstance(vm, bad, bad));
    NO(pyr_iter(vm, bad, &out));
    NO(pyr_next(vm, bad, &out));
    NO(pyr_new_tuple(vm, &bad, 1, &out));
    NO(pyr_new_list(vm, &bad, 1, &out));
    NO(pyr_new_set(vm, &bad, 1, &out));
    NO(pyr_is_none(vm, bad));
    NO(pyr_truth(vm, bad));
    NO(pyr_get_int8(vm, bad, &i8));
    NO(pyr_get_int16(vm, bad, &i16));
    NO(pyr_get_int32(vm, bad, &i32));
    NO(pyr_get_int64(vm, bad, &i64));
    NO(pyr_get_uint8(vm, bad, &u8));
    NO(pyr_get_uint16(vm, bad, &u16));
    NO(pyr_get_uint32(vm, bad, &u32));
    NO(pyr_get_uint64(vm, bad, &u64));
    NO(pyr_get_float(vm, bad, &real));
    NO(pyr_get_int_bytes(vm, bad, buf, sizeof buf, 0));
    NO(pyr_get_str(vm, bad, buf, sizeof buf, &len));
    NO(pyr_get_bytes(vm, bad, buf, sizeof buf, &len));
    NO(pyr_type_name(vm, bad, buf, sizeof buf, &len));
    NO(pyr_str(vm, bad, buf, sizeof buf, &len));
    NO(pyr_repr(vm, bad, buf, sizeof buf, &len));
    NO(pyr_get_buffer(vm, bad, 0, &buffer));
    NO(pyr_data(vm, bad, &some_class, &data));
    NO(pyr_raise_object(vm, bad));
    NO(pyr_exc_type(vm, bad, buf, sizeof buf, &len));
    NO(pyr_exc_message(vm, bad, buf, sizeof buf, &len));
    NO(pyr_exc_traceback(vm, bad, buf, sizeof buf, &len));
    NO(pyr_exc_args(vm, bad, &out));
    NO(pyr_exc_is(vm, bad, "OSError"));
    NO(pyr_exc_line(vm, bad, buf, sizeof buf, &u32));
    NO(pyr_exc_print(vm, bad));
    NO(pyr_exc_exit(vm, bad, &status));
    CHECK(out.bits == 0 && len == 77);
}

/* The functions that take no reference, from a task or VM that may not. */
static void all_others_refuse(pyr_vm *vm, int expected) {
    pyr_ref out = nobody;
    pyr_entry entry;
    struct pyr_memory memory = {sizeof memory, 0, 0, 0, 0, 0};
    struct pyr_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    memset(&entry, 0, sizeof entry);
    NO(pyr_leave(vm, &entry));
    NO(pyr_unlock(vm));
    NO(pyr_push_frame(vm, 0));
    NO(pyr_pop_frame(vm));
    NO(pyr_exec(vm, "1", 1, "x", 0));
    NO(pyr_eval(vm, "1", 1, "x", &out));
    NO(pyr_run_file(vm, "x"));
    NO(pyr_run_module(vm, "x"));
    NO(pyr_run_mpy(vm, (const uint8_t *)"M", 1));
    NO(pyr_repl(vm, 0));
    NO(pyr_set_frozen(vm, "x", 1));
    NO(pyr_set_argv(vm, 0, NULL));
    NO(pyr_import(vm, "sys", 3, &out));
    NO(pyr_lookup(vm, "sys", "path", &out));
    NO(pyr_new_none(vm, &out));
    NO(pyr_new_bool(vm, 1, &out));
    NO(pyr_new_int(vm, 1, &out));
    NO(pyr_new_uint(vm, 1, &out));
    NO(pyr_new_float(vm, 1, &out));
    NO(pyr_new_str(vm, "", 0, &out));
    NO(pyr_new_bytes(vm, "", 0, &out));
    NO(pyr_new_bytearray(vm, "", 0, &out));
    NO(pyr_new_int_bytes(vm, "", 0, 0, &out));
    NO(pyr_new_tuple(vm, NULL, 0, &out));
    NO(pyr_new_list(vm, NULL, 0, &out));
    NO(pyr_new_set(vm, NULL, 0, &out));
    NO(pyr_new_dict(vm, &out));
    NO(pyr_set_modules(vm, NULL, 0));
    NO(pyr_new_function(vm, &nothing, NULL, &out));
    NO(pyr_raise(vm, "OSError", NULL));
    NO(pyr_raise_errno(vm, 1));
    NO(pyr_release_buffer(vm, &buffer));
    NO(pyr_exception(vm, &out));
    NO(pyr_set_limits(vm, 0, 0));
    NO(pyr_memory(vm, &memory));
    NO(pyr_gc_step(vm));
    NO(pyr_collect(vm));
    CHECK(out.bits == 0);
}

static int job(pyr_vm *vm, void *arg) {
    (void)vm, (void)arg;
    return 7;
}

/* What is legal from everywhere still wants a VM. */
static void all_posts_refuse(pyr_vm *vm, pyr_ref ref, int expected) {
    NO(pyr_post(vm, ref, 1));
    NO(pyr_post_job(vm, job, NULL));
    NO(pyr_posts_lost(vm));
    NO(pyr_call_posted(vm, job, NULL, 1));
    NO(pyr_interrupt(vm));
    NO(pyr_interrupt_with(vm, ref));
    NO(pyr_kill(vm));
    NO(pyr_serve(vm, 1));
}

static pyr_ref theirs;

static void *elsewhere(void *arg) {
    pyr_vm *vm = (pyr_vm *)arg;
    pyr_entry entry;
    all_refuse(vm, theirs, PYR_E_TASK);
    all_others_refuse(vm, PYR_E_TASK);
    IS(pyr_enter(vm, &entry, 1), PYR_E_TIMEOUT);
    IS(pyr_lock(vm), PYR_E_NESTING);
    IS(pyr_close(vm), PYR_E_NESTING);
    return NULL;
}

/* Names and words that are no UTF-8 do not get in. */
static void bad_texts(pyr_vm *vm, pyr_ref mine) {
    static const char *const words[] = {"good", "\xff"};
    pyr_ref out;
    struct pyr_keyword keyword;
    keyword.name = words[1];
    keyword.value = mine;
    RUNS(vm, "class Open:\n    pass\n");
    pyr_ref open = eval(vm, "Open()"), f = eval(vm, "lambda **k: k");
    IS(pyr_setattr(vm, open, "\xe2\x82", mine), PYR_E_RANGE);
    IS(pyr_getattr(vm, open, "\xff", &out), PYR_E_RANGE);
    IS(pyr_hasattr(vm, open, "\xff"), PYR_E_RANGE);
    IS(pyr_delattr(vm, open, "\xff"), PYR_E_RANGE);
    IS(pyr_call(vm, f, NULL, 0, &keyword, 1, &out), PYR_E_RANGE);
    IS(pyr_call_method(vm, open, "\xff", NULL, 0, NULL, 0, &out), PYR_E_RANGE);
    IS(pyr_import(vm, "\xff", 1, &out), PYR_E_RANGE);
    IS(pyr_lookup(vm, "\xff", "x", &out), PYR_E_RANGE);
    IS(pyr_lookup(vm, "sys", "\xff", &out), PYR_E_RANGE);
    IS(pyr_raise(vm, "\xff", NULL), PYR_E_RANGE);
    IS(pyr_set_argv(vm, 2, words), PYR_E_RANGE);
    RUNS(vm, "import sys\nassert sys.argv == [] and dir(Open()) == dir(Open)\n");
    OK(pyr_drop(vm, open));
    OK(pyr_drop(vm, f));
}

/* Flags that nobody knows, and lengths that no memory has. */
static void bad_numbers(pyr_vm *vm, pyr_ref mine) {
    const size_t wild = SIZE_MAX - 7;
    pyr_ref out;
    char buf[8];
    IS(pyr_exec(vm, "1", 1, "x", 2), PYR_E_RANGE);
    IS(pyr_repl(vm, 6), PYR_E_RANGE);
    IS(pyr_exec(vm, "1", wild, "x", 0), PYR_E_RANGE);
    IS(pyr_eval(vm, "1", wild, "x", &out), PYR_E_RANGE);
    IS(pyr_run_mpy(vm, (const uint8_t *)"M", wild), PYR_E_RANGE);
    IS(pyr_import(vm, "sys", wild, &out), PYR_E_RANGE);
    IS(pyr_new_str(vm, "x", wild, &out), PYR_E_RANGE);
    IS(pyr_new_bytes(vm, "x", wild, &out), PYR_E_RANGE);
    IS(pyr_new_bytearray(vm, "x", wild, &out), PYR_E_RANGE);
    IS(pyr_new_int_bytes(vm, "x", wild, 0, &out), PYR_E_RANGE);
    IS(pyr_new_tuple(vm, &mine, wild, &out), PYR_E_RANGE);
    IS(pyr_new_list(vm, &mine, wild, &out), PYR_E_RANGE);
    IS(pyr_new_set(vm, &mine, wild, &out), PYR_E_RANGE);
    IS(pyr_call(vm, mine, &mine, wild, NULL, 0, &out), PYR_E_RANGE);
    IS(pyr_get_int_bytes(vm, mine, buf, wild, 0), PYR_E_RANGE);
    IS(pyr_set_argv(vm, wild, (const char *const *)&buf), PYR_E_RANGE);
    IS(pyr_set_modules(vm, (const struct pyr_module *const *)&buf, wild), PYR_E_RANGE);
}

void test_hostile(pyr_vm *vm) {
    pyr_ref mine, ended, kept;
    OK(pyr_push_frame(vm, 4));
    OK(pyr_new_int(vm, 5, &mine));
    OK(pyr_new_int(vm, 6, &ended));
    OK(pyr_drop(vm, ended));
    /* No reference, ended ones, another VM's, made up ones. */
    all_refuse(vm, nobody, PYR_E_REF);
    all_refuse(vm, ended, PYR_E_REF);
    OK(pyr_new_int(other_vm, 5, &theirs));
    all_refuse(vm, theirs, PYR_E_REF);
    OK(pyr_keep(vm, mine, &kept));
    OK(pyr_drop(vm, kept));
    all_refuse(vm, kept, PYR_E_REF);
    for (uint64_t bit = 1; bit != 0; bit <<= 1) {
        pyr_ref forged = mine;
        forged.bits ^= bit;
        IS(pyr_is_none(vm, forged), PYR_E_REF);
    }
    /* No VM. */
    all_refuse(NULL, mine, PYR_E_NULL);
    all_others_refuse(NULL, PYR_E_NULL);
    all_posts_refuse(NULL, mine, PYR_E_NULL);
    static uint64_t rubbish[64];
    all_refuse((pyr_vm *)rubbish, mine, PYR_E_VM);
    all_others_refuse((pyr_vm *)rubbish, PYR_E_VM);
    all_posts_refuse((pyr_vm *)rubbish, mine, PYR_E_VM);
    IS(pyr_post_job(vm, NULL, NULL), PYR_E_NULL);
    IS(pyr_call_posted(vm, job, NULL, 1), PYR_E_NESTING);
    /* Another task. */
    pthread_t thread;
    theirs = mine;
    CHECK(pthread_create(&thread, NULL, elsewhere, vm) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    /* Between unlock and lock. */
    OK(pyr_unlock(vm));
    all_refuse(vm, mine, PYR_E_TASK);
    all_others_refuse(vm, PYR_E_TASK);
    pyr_entry entry;
    IS(pyr_enter(vm, &entry, 0), PYR_E_NESTING);
    OK(pyr_lock(vm));
    IS(pyr_lock(vm), PYR_E_NESTING);
    IS(pyr_close(vm), PYR_E_NESTING);
    IS(pyr_close(NULL), PYR_E_NULL);
    IS(pyr_enter(vm, NULL, 0), PYR_E_NULL);
    IS(pyr_leave(vm, NULL), PYR_E_NULL);
    IS(pyr_leave(vm, &entry), PYR_E_NESTING);
    IS(pyr_push_frame(vm, 1000), PYR_E_MEMORY);
    IS(pyr_keep(vm, mine, NULL), PYR_E_NULL);
    IS(pyr_memory(vm, NULL), PYR_E_NULL);
    struct pyr_memory memory;
    memset(&memory, 0, sizeof memory);
    IS(pyr_memory(vm, &memory), PYR_E_ABI);
    memory.abi_size = sizeof memory;
    OK(pyr_memory(vm, &memory));
    CHECK(memory.heap == memory.used + memory.free && memory.used > 0);
    /* No place for results. */
    IS(pyr_exception(vm, NULL), PYR_E_NULL);
    IS(pyr_new_none(vm, NULL), PYR_E_NULL);
    IS(pyr_new_tuple(vm, NULL, 0, NULL), PYR_E_NULL);
    IS(pyr_new_set(vm, NULL, 0, NULL), PYR_E_NULL);
    IS(pyr_lookup(vm, "sys", "path", NULL), PYR_E_NULL);
    IS(pyr_item(vm, mine, 0, NULL), PYR_E_NULL);
    IS(pyr_type(vm, mine, NULL), PYR_E_NULL);
    IS(pyr_exc_args(vm, mine, NULL), PYR_E_NULL);
    IS(pyr_getattr(vm, mine, "real", NULL), PYR_E_NULL);
    IS(pyr_getitem(vm, mine, mine, NULL), PYR_E_NULL);
    IS(pyr_iter(vm, mine, NULL), PYR_E_NULL);
    IS(pyr_next(vm, mine, NULL), PYR_E_NULL);
    IS(pyr_import(vm, "sys", 3, NULL), PYR_E_NULL);
    IS(pyr_eval(vm, "1", 1, "x", NULL), PYR_E_NULL);
    bad_texts(vm, mine);
    bad_numbers(vm, mine);
    /* It was all without effect. */
    int32_t n = 0;
    OK(pyr_get_int32(vm, mine, &n));
    IS(n, 5);
    OK(pyr_pop_frame(vm));
    IS(pyr_pop_frame(vm), PYR_E_NESTING);
    IS(pyr_get_int32(vm, mine, &n), PYR_E_REF);

    /* Closed, and closed twice. */
    static uint64_t room[4096];
    pyr_vm *third = NULL;
    struct pyr_config config;
    memset(&config, 0, sizeof config);
    config.fiber_bytes = 2048;
    IS(pyr_open(room, 200, pyr_posix_port(), NULL, &third), PYR_E_MEMORY);
    IS(pyr_open(room, sizeof room, NULL, NULL, &third), PYR_E_NULL);
    IS(pyr_open(NULL, sizeof room, pyr_posix_port(), NULL, &third), PYR_E_NULL);
    IS(pyr_open(room, sizeof room, pyr_posix_port(), NULL, NULL), PYR_E_NULL);
    config.abi_size = 1;
    IS(pyr_open(room, sizeof room, pyr_posix_port(), &config, &third), PYR_E_ABI);
    config.abi_size = sizeof config;
    config.max_tasks = 60000;
    IS(pyr_open(room, sizeof room, pyr_posix_port(), &config, &third), PYR_E_RANGE);
    CHECK(third == NULL);
    config.max_tasks = 1;
    OK(pyr_open(room, sizeof room, pyr_posix_port(), &config, &third));
    OK(pyr_enter(third, &entry, 0));
    OK(pyr_new_int(third, 1, &mine));
    OK(pyr_leave(third, &entry));
    OK(pyr_close(third));
    IS(pyr_close(third), PYR_E_VM);
    IS(pyr_interrupt(third), PYR_E_VM);
    all_refuse(third, mine, PYR_E_VM);
    all_others_refuse(third, PYR_E_VM);
    all_posts_refuse(third, mine, PYR_E_VM);
    IS(pyr_enter(third, &entry, 0), PYR_E_VM);
    IS(pyr_lock(third), PYR_E_VM);
}
