/* semihosting.h: the host's command line, files and exit status, through the debugger's door that QEMU opens. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include "pyrite_port.h"

/* One call; in cortex-m/startup.c and riscv/startup.S. */
long semihosting_call(long operation, void *arguments);

void semihosting_exit(int status) __attribute__((noreturn));

/* The script on QEMU's command line (the second `arg=`), in `buf`; NULL without one. */
const char *semihosting_script(char *buf, size_t size);

/* The host's files, as QEMU's process sees them. No listings: semihosting has none. */
extern const struct pyr_files semihosting_files;

#endif
