/* zephyr_log.c: Zephyr's log from Python: zephyr.log(level, text), and zephyr.LogHandler for the library `logging`.
 *
 * Levels are those of `logging` (10 debug, 20 info, 30 warning, 40 error and above). A text goes out line by line, in
 * pieces of CONFIG_PYRITE_ZEPHYR_LOG_LINE bytes: the log copies it, so it is on the C stack once.
 */
#include "zephyr_parts.h"

#include <zephyr/logging/log.h>

#include <string.h>

LOG_MODULE_REGISTER(python, CONFIG_PYRITE_LOG_LEVEL);

enum { INFO = 20, WARNING = 30, ERROR = 40 };

static void put_line(int32_t level, const char *line) {
    if (level >= ERROR) {
        LOG_ERR("%s", line);
    } else if (level >= WARNING) {
        LOG_WRN("%s", line);
    } else if (level >= INFO) {
        LOG_INF("%s", line);
    } else {
        LOG_DBG("%s", line);
    }
}

static void put_text(int32_t level, const char *text, size_t len) {
    char line[CONFIG_PYRITE_ZEPHYR_LOG_LINE + 1];
    do {
        const char *end = memchr(text, '\n', len);
        size_t size = MIN(end != NULL ? (size_t)(end - text) : len, sizeof line - 1);
        /* A piece does not end within a character. */
        while (size > 1 && size < len && text + size != end && ((uint8_t)text[size] & 0xc0) == 0x80) size--;
        memcpy(line, text, size);
        line[size] = '\0';
        put_line(level, line);
        size += text + size == end;
        text += size;
        len -= size;
    } while (len > 0);
}

int pyr_zephyr_log(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    int status = pyr_unlock(vm); /* a log that does not defer writes to its UART now */
    if (status < 0) return status;
    put_text(args[0].i32, args[1].bytes.data, args[1].bytes.len);
    return pyr_lock(vm);
}
const struct pyr_param pyr_zephyr_log_params[] = {PYR_PARAM("level", PYR_INT), PYR_PARAM("text", PYR_STR)};

/* ---- LogHandler: level and formatter are attributes, as `logging` has them ----------------------------------------------- */

static int handler_make(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    pyr_ref none;
    int status = pyr_setattr(vm, args[0].object, "level", args[1].object);
    if (status >= 0) status = pyr_new_none(vm, &none);
    return status < 0 ? status : pyr_setattr(vm, args[0].object, "formatter", none);
}

static int handler_set_level(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    return pyr_setattr(vm, args[0].object, "level", args[1].object);
}

static int handler_set_formatter(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    return pyr_setattr(vm, args[0].object, "formatter", args[1].object);
}

static int number(pyr_vm *vm, pyr_ref object, const char *name, int32_t *out) {
    pyr_ref value;
    int status = pyr_getattr(vm, object, name, &value);
    return status < 0 ? status : pyr_get_int32(vm, value, out);
}

/* The record's text: what the formatter makes of it; without one its message, because the log shows level and time itself. */
static int handler_emit(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    pyr_ref own = args[0].object, record = args[1].object, formatter, text;
    int32_t least, level;
    struct pyr_buffer bytes;
    int status = number(vm, own, "level", &least);
    if (status >= 0) status = number(vm, record, "levelno", &level);
    if (status < 0 || level < least) return status;
    status = pyr_getattr(vm, own, "formatter", &formatter);
    if (status >= 0) {
        status = pyr_is_none(vm, formatter) == 1 ? pyr_getattr(vm, record, "message", &text)
                                                 : pyr_call_method(vm, formatter, "format", &record, 1, NULL, 0, &text);
    }
    if (status >= 0 && pyr_kind(vm, text) != PYR_IS_STR) return pyr_raise(vm, "TypeError", "a record's text is a str");
    if (status >= 0) status = pyr_call_method(vm, text, "encode", NULL, 0, NULL, 0, &text);
    if (status >= 0) status = pyr_get_buffer(vm, text, 0, &bytes);
    if (status < 0) return status;
    if ((status = pyr_unlock(vm)) >= 0) {
        put_text(level, bytes.data, bytes.len);
        status = pyr_lock(vm);
    }
    int released = pyr_release_buffer(vm, &bytes);
    return status < 0 ? status : released;
}

static int handler_close(PYR_NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args), ARG_UNUSED(result);
    return PYR_OK;
}

/* As __init__'s level is an attribute, it comes as an object; without it, 0. */
static int handler_make_default(PYR_NATIVE) {
    pyr_arg both[2] = {args[0], args[1]};
    int status = args[1].object.bits == 0 ? pyr_new_int(vm, 0, &both[1].object) : PYR_OK;
    return status < 0 ? status : handler_make(vm, self, both, result);
}

static const struct pyr_param make_params[] = {PYR_PARAM(NULL, PYR_SELF), PYR_PARAM_OR("level", PYR_OBJECT, 0)};
static const struct pyr_param one_params[] = {PYR_PARAM(NULL, PYR_SELF), PYR_PARAM(NULL, PYR_OBJECT)};
static const struct pyr_native members[] = {
    PYR_METHOD("__init__", handler_make_default, make_params, PYR_NOTHING),
    PYR_METHOD("setLevel", handler_set_level, one_params, PYR_NOTHING),
    PYR_METHOD("setFormatter", handler_set_formatter, one_params, PYR_NOTHING),
    PYR_METHOD("emit", handler_emit, one_params, PYR_NOTHING),
    PYR_METHOD_0("close", handler_close, PYR_NOTHING),
};
const struct pyr_class pyr_zephyr_log_handler = {.abi_size = sizeof pyr_zephyr_log_handler,
                                                 .name = "LogHandler",
                                                 .members = members,
                                                 .n_members = ARRAY_SIZE(members)};
