/* zephyr_parts.h: the classes and functions of Python's module `zephyr`, one file each; mod_zephyr.c lists those whose
 * option is on. */
#ifndef PYRITE_ZEPHYR_PARTS_H
#define PYRITE_ZEPHYR_PARTS_H

#include "common.h"

extern const struct pyr_class pyr_zephyr_thread, pyr_zephyr_disk, pyr_zephyr_flash, pyr_zephyr_filesystem, pyr_zephyr_queue,
    pyr_zephyr_bus, pyr_zephyr_settings, pyr_zephyr_log_handler;

/* What a class has besides its table. */
int pyr_zephyr_disk_init(pyr_vm *vm, pyr_ref class);
int pyr_zephyr_flash_init(pyr_vm *vm, pyr_ref class);

int pyr_zephyr_threads(PYR_NATIVE);
int pyr_zephyr_log(PYR_NATIVE);
extern const struct pyr_param pyr_zephyr_log_params[2];
int pyr_zephyr_kconfig(PYR_NATIVE);
extern const struct pyr_param pyr_zephyr_kconfig_params[2];

#endif
