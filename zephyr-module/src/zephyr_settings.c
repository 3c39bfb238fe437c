/* zephyr_settings.c: zephyr.settings, values under names in Zephyr's settings store; they are bytes, as in C.
 *
 * Functions of the store are called without the VM's lock: a thread that holds the store's lock may wait for the VM's, never
 * the other way round.
 */
#include "zephyr_parts.h"

#include <zephyr/settings/settings.h>

#include <errno.h>
#include <string.h>

/* What goes on while the store is read. */
struct reading {
    pyr_vm *vm;
    pyr_ref *out;  /* the value, or the list of names */
    size_t prefix; /* bytes of what was asked for */
    const char *name;
    int status;
    bool found;
};

/* Runs `call` between pyr_unlock and pyr_lock; its result goes into `outcome`. */
#define WITHOUT_LOCK(vm, status, outcome, call)                                                                        \
    do {                                                                                                               \
        if ((status = settings_ready(vm)) >= 0 && (status = pyr_unlock(vm)) >= 0) {                                    \
            outcome = (call);                                                                                          \
            status = pyr_lock(vm);                                                                                     \
        }                                                                                                              \
    } while (false)

/* The store is set up when it is first used. */
static int settings_ready(pyr_vm *vm) {
    int outcome, status = pyr_unlock(vm);
    if (status < 0) return status;
    outcome = settings_subsys_init();
    if ((status = pyr_lock(vm)) < 0) return status;
    return pyr_zephyr_check(vm, outcome);
}

static int take_value(const char *key, size_t len, settings_read_cb read, void *arg, void *user) {
    struct reading *reading = user;
    struct pyr_buffer room;
    pyr_ref bytes;
    if (key != NULL && *key != '\0') return 0; /* one below it */
    if ((reading->status = pyr_lock(reading->vm)) < 0) return 1;
    reading->found = true;
    reading->status = pyr_zephyr_room(reading->vm, len, &bytes, &room);
    if (reading->status >= 0) {
        ssize_t count = read(arg, room.data, len);
        reading->status = count < 0 ? pyr_zephyr_check(reading->vm, (int)count)
                                    : pyr_new_bytes(reading->vm, room.data, (size_t)count, reading->out);
        (void)pyr_release_buffer(reading->vm, &room);
    }
    int status = pyr_unlock(reading->vm);
    if (reading->status >= 0) reading->status = status;
    return 1;
}

static int settings_get(PYR_NATIVE) {
    ARG_UNUSED(self);
    char name[PYR_NAME_MAX];
    struct reading reading = {.vm = vm, .out = &result->object};
    int outcome = 0, status = pyr_zephyr_name(vm, &args[0], "setting", name);
    if (status < 0) return status;
    WITHOUT_LOCK(vm, status, outcome, settings_load_subtree_direct(name, take_value, &reading));
    if (status >= 0) status = reading.status;
    if (status >= 0) status = pyr_zephyr_check(vm, outcome < 0 ? outcome : 0);
    if (status >= 0 && !reading.found) result->object = args[1].object;
    return status;
}

static int take_name(const char *key, size_t len, settings_read_cb read, void *arg, void *user) {
    struct reading *reading = user;
    char whole[SETTINGS_MAX_NAME_LEN + SETTINGS_EXTRA_LEN + 1];
    pyr_ref text;
    ARG_UNUSED(len), ARG_UNUSED(read), ARG_UNUSED(arg);
    size_t size = key == NULL ? 0 : strlen(key), at = reading->prefix;
    if (at + 1 + size >= sizeof whole) return 0;
    memcpy(whole, reading->name, at);
    if (at > 0 && size > 0) whole[at++] = SETTINGS_NAME_SEPARATOR;
    memcpy(whole + at, key, size);
    if ((reading->status = pyr_lock(reading->vm)) < 0) return 1;
    reading->status = pyr_push_frame(reading->vm, 2);
    if (reading->status >= 0) {
        reading->status = pyr_new_str(reading->vm, whole, at + size, &text);
        if (reading->status >= 0) {
            reading->status = pyr_call_method(reading->vm, *reading->out, "add", &text, 1, NULL, 0, NULL);
        }
        (void)pyr_pop_frame(reading->vm);
    }
    int status = pyr_unlock(reading->vm);
    if (reading->status >= 0) reading->status = status;
    return reading->status < 0;
}

/* names([prefix]): a set, because a store may tell a name once for each value that it has had. */
static int settings_names(PYR_NATIVE) {
    ARG_UNUSED(self);
    char name[PYR_NAME_MAX] = "";
    int outcome = 0, status = args[0].bytes.data == NULL ? PYR_OK : pyr_zephyr_name(vm, &args[0], "setting", name);
    if (status >= 0) status = pyr_new_set(vm, NULL, 0, &result->object);
    if (status < 0) return status;
    struct reading reading = {.vm = vm, .out = &result->object, .prefix = strlen(name), .name = name};
    WITHOUT_LOCK(vm, status, outcome,
                 settings_load_subtree_direct(name[0] == '\0' ? NULL : name, take_name, &reading));
    if (status >= 0) status = reading.status;
    return status < 0 ? status : pyr_zephyr_check(vm, outcome < 0 ? outcome : 0);
}

static int settings_set(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    char name[PYR_NAME_MAX];
    int outcome = 0, status = pyr_zephyr_name(vm, &args[0], "setting", name);
    if (status < 0) return status;
    if (name[0] == '\0') return pyr_raise(vm, "ValueError", "a setting has a name");
    if (args[1].bytes.len > SETTINGS_MAX_VAL_LEN) return pyr_raise(vm, "ValueError", "longer than SETTINGS_MAX_VAL_LEN");
    WITHOUT_LOCK(vm, status, outcome, settings_save_one(name, args[1].bytes.data, args[1].bytes.len));
    return status < 0 ? status : pyr_zephyr_check(vm, outcome);
}

static int settings_remove(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    char name[PYR_NAME_MAX];
    int outcome = 0, status = pyr_zephyr_name(vm, &args[0], "setting", name);
    if (status < 0) return status;
    WITHOUT_LOCK(vm, status, outcome, settings_delete(name));
    return status < 0 ? status : pyr_zephyr_check(vm, outcome);
}

/* Has C's handlers told the stored values, and their present ones stored. */
static int settings_load_all(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(args), ARG_UNUSED(result);
    int outcome = 0, status;
    WITHOUT_LOCK(vm, status, outcome, settings_load());
    return status < 0 ? status : pyr_zephyr_check(vm, outcome);
}

static int settings_save_all(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(args), ARG_UNUSED(result);
    int outcome = 0, status;
    WITHOUT_LOCK(vm, status, outcome, settings_save());
    return status < 0 ? status : pyr_zephyr_check(vm, outcome);
}

static const struct pyr_param name_params[] = {PYR_PARAM("name", PYR_STR)};
static const struct pyr_param prefix_params[] = {PYR_PARAM_OR_NONE("prefix", PYR_STR)};
static const struct pyr_param set_params[] = {PYR_PARAM("name", PYR_STR), PYR_PARAM("value", PYR_BYTES)};
static const struct pyr_param get_params[] = {PYR_PARAM("name", PYR_STR), PYR_PARAM_OR("default", PYR_OBJECT, 0)};
static const struct pyr_native members[] = {
    PYR_FUNCTION("get", settings_get, get_params, PYR_OBJECT),
    PYR_FUNCTION("set", settings_set, set_params, PYR_NOTHING),
    PYR_FUNCTION("remove", settings_remove, name_params, PYR_NOTHING),
    PYR_FUNCTION("names", settings_names, prefix_params, PYR_OBJECT),
    PYR_FUNCTION_0("load", settings_load_all, PYR_NOTHING),
    PYR_FUNCTION_0("save", settings_save_all, PYR_NOTHING),
};
/* A class that nobody makes objects of: a place for functions. */
const struct pyr_class pyr_zephyr_settings = {.abi_size = sizeof pyr_zephyr_settings,
                                              .name = "settings",
                                              .members = members,
                                              .n_members = ARRAY_SIZE(members)};
