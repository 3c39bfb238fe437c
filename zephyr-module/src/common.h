/* common.h: what the Python modules of Zephyr's share: names, devices, errors, waiting, block devices. */
#ifndef PYRITE_ZEPHYR_COMMON_H
#define PYRITE_ZEPHYR_COMMON_H

#include "devices.h"
#include "pyrite_zephyr.h"

/* A native function's parameters. */
#define PYR_NATIVE pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result

/* Bytes of a name that Python gives for something of Zephyr's, NUL included. */
#define PYR_NAME_MAX 64

/* ---- Errors -------------------------------------------------------------------------------------------------------------- */

/* OSError for a negative errno of Zephyr's; 0 or more goes through. */
int pyr_zephyr_check(pyr_vm *vm, int result);

/* `type` with the text "WHAT: NAME". */
int pyr_zephyr_raise(pyr_vm *vm, const char *type, const char *what, const char *name);

/* ---- Names and devices --------------------------------------------------------------------------------------------------- */

/* A PYR_STR argument with a NUL; ValueError with `what` where it is too long or holds a NUL itself. */
int pyr_zephyr_name(pyr_vm *vm, const pyr_arg *arg, const char *what, char out[PYR_NAME_MAX]);

/* The device of a name or devicetree label. ValueError for no such device, OSError(ENODEV) for one that is not ready. */
int pyr_zephyr_device(pyr_vm *vm, const char *name, const struct device **out);

/* ---- Objects --------------------------------------------------------------------------------------------------------------- */

/* A str of a text that may be NULL. */
int pyr_zephyr_text(pyr_vm *vm, const char *text, pyr_ref *out);

/* Adds a tuple of `n` references to a list. */
int pyr_zephyr_add_tuple(pyr_vm *vm, pyr_ref list, const pyr_ref *items, size_t n);

/* A bytearray of `len` zeros with its bytes lent to C. */
int pyr_zephyr_room(pyr_vm *vm, size_t len, pyr_ref *object, struct pyr_buffer *bytes);

/* ---- Waiting --------------------------------------------------------------------------------------------------------------- */

/* One try of what is waited for, at most `timeout`: 0 or more when done, -EAGAIN, -EBUSY or -ENOMSG for not yet. */
typedef int (*pyr_zephyr_attempt)(void *what, k_timeout_t timeout);

/* Tries for `timeout_ms` (negative: for ever) with the VM's lock given away, and serves posts and ctrl-C meanwhile.
 * PYR_E_TIMEOUT when it is over; OSError for other errors. */
int pyr_zephyr_wait_for(pyr_vm *vm, pyr_zephyr_attempt attempt, void *what, int32_t timeout_ms);

/* ---- Block devices ----------------------------------------------------------------------------------------------------------- */

/* What readblocks, writeblocks and ioctl work on; first member of the data of a class that is one. Positions are bytes. */
struct pyr_blocks {
    const struct pyr_blocks_driver *driver; /* NULL: the object was not made */
    uint32_t size, count;                   /* of blocks */
    uint32_t read_unit, write_unit;         /* of which positions and lengths are multiples */
};

/* Each: 0, or a negative errno. Called without the VM's lock. */
struct pyr_blocks_driver {
    int (*read)(struct pyr_blocks *blocks, uint64_t at, void *bytes, size_t len);
    int (*write)(struct pyr_blocks *blocks, uint64_t at, const void *bytes, size_t len);
    int (*erase)(struct pyr_blocks *blocks, uint64_t at, size_t len); /* NULL where writing needs no erasing */
    int (*sync)(struct pyr_blocks *blocks);                          /* NULL where nothing waits to be written */
};

int pyr_blocks_read(PYR_NATIVE);
int pyr_blocks_write(PYR_NATIVE);
int pyr_blocks_ioctl(PYR_NATIVE);
extern const struct pyr_param pyr_blocks_read_params[3], pyr_blocks_write_params[3], pyr_blocks_ioctl_params[2];

#define PYR_BLOCKS_MEMBERS                                                                                              \
    PYR_METHOD("readblocks", pyr_blocks_read, pyr_blocks_read_params, PYR_INT),                                        \
    PYR_METHOD("writeblocks", pyr_blocks_write, pyr_blocks_write_params, PYR_INT),                                     \
    PYR_METHOD("ioctl", pyr_blocks_ioctl, pyr_blocks_ioctl_params, PYR_INT)

/* A class with members only. */
#define PYR_CLASS_DEFINE(variable, text, type)                                                                          \
    const struct pyr_class variable = PYR_CLASS(text, type, variable##_members)

#endif
