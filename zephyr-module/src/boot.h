/* boot.h: what the interpreter at boot and the shell command share. */
#ifndef PYRITE_BOOT_H
#define PYRITE_BOOT_H

#include "pyrite_zephyr.h"

extern struct pyr_zephyr_console pyr_boot_console;

/* What a [python] call has left: prints its exception. The status that a program would end with. */
int pyr_boot_finish(pyr_vm *vm, int result);

/* [any] Whether a thread is the interpreter's own or one that Python started, whose control block lies in its memory. */
bool pyr_boot_owns(const struct k_thread *thread);

#ifdef CONFIG_PYRITE_CONSOLE_SHELL
/* Wakes the interpreter's thread, which serves one REPL and calls `done`; -EBUSY while it runs a program. */
int pyr_boot_repl(void (*done)(void));
#endif

#endif
