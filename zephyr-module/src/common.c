/* common.c: what the Python modules of Zephyr's share. */
#include "common.h"

#include <zephyr/sys/printk.h>

#include <errno.h>
#include <string.h>

int pyr_zephyr_check(pyr_vm *vm, int result) {
    return result < 0 ? pyr_raise_errno(vm, -pyr_zephyr_errno(result)) : result;
}

int pyr_zephyr_raise(pyr_vm *vm, const char *type, const char *what, const char *name) {
    char text[2 * PYR_NAME_MAX];
    snprintk(text, sizeof text, "%s: %s", what, name);
    return pyr_raise(vm, type, text);
}

/* ---- Names and devices --------------------------------------------------------------------------------------------------- */

int pyr_zephyr_name(pyr_vm *vm, const pyr_arg *arg, const char *what, char out[PYR_NAME_MAX]) {
    size_t len = arg->bytes.len;
    if (len >= PYR_NAME_MAX || memchr(arg->bytes.data, '\0', len) != NULL) {
        return pyr_zephyr_raise(vm, "ValueError", what, "not a name");
    }
    memcpy(out, arg->bytes.data, len);
    out[len] = '\0';
    return PYR_OK;
}

int pyr_zephyr_device(pyr_vm *vm, const char *name, const struct device **out) {
    STRUCT_SECTION_FOREACH(device, device) {
        if (!pyr_zephyr_is_named(device, name)) continue;
        if (!device_is_ready(device)) return pyr_raise_errno(vm, ENODEV);
        *out = device;
        return PYR_OK;
    }
    return pyr_zephyr_raise(vm, "ValueError", "no such device", name);
}

/* ---- Objects --------------------------------------------------------------------------------------------------------------- */

int pyr_zephyr_text(pyr_vm *vm, const char *text, pyr_ref *out) {
    return text == NULL ? pyr_new_str(vm, "", 0, out) : pyr_new_str(vm, text, strlen(text), out);
}

int pyr_zephyr_add_tuple(pyr_vm *vm, pyr_ref list, const pyr_ref *items, size_t n) {
    pyr_ref tuple;
    int status = pyr_new_tuple(vm, items, n, &tuple);
    return status < 0 ? status : pyr_call_method(vm, list, "append", &tuple, 1, NULL, 0, NULL);
}

int pyr_zephyr_room(pyr_vm *vm, size_t len, pyr_ref *object, struct pyr_buffer *bytes) {
    int status = pyr_new_bytearray(vm, NULL, len, object);
    return status < 0 ? status : pyr_get_buffer(vm, *object, PYR_WRITABLE, bytes);
}

/* ---- Waiting --------------------------------------------------------------------------------------------------------------- */

static bool not_yet(int result) { return result == -EAGAIN || result == -EBUSY || result == -ENOMSG; }

int pyr_zephyr_wait_for(pyr_vm *vm, pyr_zephyr_attempt attempt, void *what, int32_t timeout_ms) {
    /* A point of time is counted from the tick that has begun: without one more it would come too early. */
    k_ticks_t ticks = (k_ticks_t)k_ms_to_ticks_ceil64((uint64_t)MAX(timeout_ms, 0)) + 1;
    k_timepoint_t end = sys_timepoint_calc(timeout_ms < 0 ? K_FOREVER : timeout_ms == 0 ? K_NO_WAIT : K_TICKS(ticks));
    int result = attempt(what, K_NO_WAIT);
    while (not_yet(result)) {
        k_timepoint_t slice = sys_timepoint_calc(K_MSEC(CONFIG_PYRITE_WAIT_SLICE_MS));
        int status;
        if (sys_timepoint_expired(end)) return PYR_E_TIMEOUT;
        if ((status = pyr_unlock(vm)) < 0) return status;
        result = attempt(what, sys_timepoint_timeout(sys_timepoint_cmp(end, slice) < 0 ? end : slice));
        if ((status = pyr_lock(vm)) < 0) return status;
        /* What has been taken is not lost to an exception. */
        if (not_yet(result) && (status = pyr_serve(vm, 0)) < 0) return status;
    }
    return pyr_zephyr_check(vm, result);
}

/* ---- Block devices ----------------------------------------------------------------------------------------------------------- */

#define NOT_OPEN "the block device was not opened"

/* The `op` of ioctl. */
enum { INIT = 1, DEINIT, SYNC, COUNT, SIZE, ERASE };

enum direction { READ, WRITE };

/* The arguments of readblocks and writeblocks: block, buffer, and an offset, or -1 where none was given. */
static int transfer(pyr_vm *vm, struct pyr_blocks *blocks, const pyr_arg *args, enum direction direction) {
    size_t len = args[1].bytes.len;
    bool whole = args[2].i32 < 0;
    if (blocks->driver == NULL) return pyr_raise(vm, "ValueError", NOT_OPEN);
    uint32_t unit = whole ? blocks->size : direction == READ ? blocks->read_unit : blocks->write_unit;
    uint64_t at = (uint64_t)args[0].u32 * blocks->size + (whole ? 0 : (uint32_t)args[2].i32);
    uint64_t end = (uint64_t)blocks->size * blocks->count;
    if (len % unit != 0 || at % unit != 0) {
        char text[PYR_NAME_MAX];
        snprintk(text, sizeof text, "not a multiple of %u bytes", unit);
        return pyr_raise(vm, "ValueError", text);
    }
    if (args[0].u32 >= blocks->count || len > end || at > end - len) {
        return pyr_raise(vm, "ValueError", "beyond the end of the block device");
    }
    int result = 0, status = pyr_unlock(vm);
    if (status < 0) return status;
    if (len > 0 && direction == READ) {
        result = blocks->driver->read(blocks, at, args[1].bytes.data, len);
    } else if (len > 0) {
        if (whole && blocks->driver->erase != NULL) result = blocks->driver->erase(blocks, at, len);
        if (result == 0) result = blocks->driver->write(blocks, at, args[1].bytes.data, len);
    }
    status = pyr_lock(vm);
    return status < 0 ? status : pyr_zephyr_check(vm, result);
}

int pyr_blocks_read(PYR_NATIVE) {
    ARG_UNUSED(result);
    return transfer(vm, self, args, READ);
}

int pyr_blocks_write(PYR_NATIVE) {
    ARG_UNUSED(result);
    return transfer(vm, self, args, WRITE);
}

int pyr_blocks_ioctl(PYR_NATIVE) {
    struct pyr_blocks *blocks = self;
    int outcome = 0;
    if (blocks->driver == NULL) return pyr_raise(vm, "ValueError", NOT_OPEN);
    switch (args[0].i32) {
    case INIT:
    case DEINIT: return PYR_OK;
    case COUNT: result->i32 = (int32_t)blocks->count; return PYR_OK;
    case SIZE: result->i32 = (int32_t)blocks->size; return PYR_OK;
    case SYNC:
    case ERASE: break;
    default: result->i32 = -1; return PYR_OK;
    }
    bool erase = args[0].i32 == ERASE;
    if (erase && (uint32_t)args[1].i32 >= blocks->count) {
        return pyr_raise(vm, "ValueError", "beyond the end of the block device");
    }
    int status = pyr_unlock(vm);
    if (status < 0) return status;
    if (erase && blocks->driver->erase != NULL) {
        outcome = blocks->driver->erase(blocks, (uint64_t)args[1].i32 * blocks->size, blocks->size);
    } else if (!erase && blocks->driver->sync != NULL) {
        outcome = blocks->driver->sync(blocks);
    }
    status = pyr_lock(vm);
    return status < 0 ? status : pyr_zephyr_check(vm, outcome);
}

const struct pyr_param pyr_blocks_read_params[] = {
    PYR_PARAM("block_num", PYR_UINT),
    PYR_PARAM("buf", PYR_BUFFER),
    PYR_PARAM_OR("offset", PYR_INT, -1),
};
const struct pyr_param pyr_blocks_write_params[] = {
    PYR_PARAM("block_num", PYR_UINT),
    PYR_PARAM("buf", PYR_BYTES),
    PYR_PARAM_OR("offset", PYR_INT, -1),
};
const struct pyr_param pyr_blocks_ioctl_params[] = {PYR_PARAM("op", PYR_INT), PYR_PARAM_OR("arg", PYR_INT, 0)};
