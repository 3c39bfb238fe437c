/* pyrite_zephyr_version.h: where Zephyr 3.7 and 4.x differ, and what Zephyr does not name publicly. */
#ifndef PYRITE_ZEPHYR_VERSION_H
#define PYRITE_ZEPHYR_VERSION_H

#include <zephyr/kernel.h>
#include <zephyr/version.h>

#if KERNEL_VERSION_NUMBER < ZEPHYR_VERSION(3, 7, 0)
#error "Pyrite's module is written for Zephyr 3.7 LTS and later"
#endif

/* Alignment of a stack that K_KERNEL_STACK_DEFINE would make. */
#define PYR_ZEPHYR_STACK_ALIGN Z_KERNEL_STACK_OBJ_ALIGN

/* The callback of a shell's bypass got a last parameter in 4.3. */
#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(4, 3, 0)
#define PYR_ZEPHYR_BYPASS_PARAMETERS(sh, data, len) const struct shell *sh, uint8_t *data, size_t len, void *user
#define pyr_zephyr_set_bypass(sh, callback) shell_set_bypass((sh), (callback), NULL)
#else
#define PYR_ZEPHYR_BYPASS_PARAMETERS(sh, data, len) const struct shell *sh, uint8_t *data, size_t len
#define pyr_zephyr_set_bypass(sh, callback) shell_set_bypass((sh), (callback))
#endif

/* Printing the threads' stacks is by processor since 4.0. */
#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(4, 0, 0)
#define pyr_zephyr_analyze(cpu) thread_analyzer_print(cpu)
#else
#define pyr_zephyr_analyze(cpu) ((void)(cpu), thread_analyzer_print())
#endif

/* Whether a device is of a driver class, which a device itself does not tell: since 4.1 by the class's own list. Before
 * there is none, and whoever asks has to find out otherwise. */
#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(4, 1, 0)
#define PYR_ZEPHYR_IS(class, device) DEVICE_API_IS(class, device)
#endif

#endif
