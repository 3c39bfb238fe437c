/* pyrite_posix.h: the port over POSIX threads, for programs on Linux and the like.
 *
 * One console and one port per process; any number of VMs and threads may share them.
 */
#ifndef PYRITE_POSIX_H
#define PYRITE_POSIX_H

#include "pyrite_machine.h"
#include "pyrite_port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The port's table. Always the same; it lives as long as the process. */
const struct pyr_port *pyr_posix_port(void);

/* From now on SIGINT, and ctrl-C typed while the terminal is raw, calls `call(arg)`: from a signal handler or another
 * thread, so it may only do what an interrupt may (pyr_interrupt is made for it). If `call` returns 0, a typed ctrl-C
 * goes to the program as the byte 3. NULL restores what the process had. */
void pyr_posix_on_interrupt(int (*call)(void *arg), void *arg);

/* Switches the terminal on standard input between raw (1: every byte at once, no echo, ctrl-C is a byte, output goes as
 * it is: see PYR_CONSOLE_CRLF) and what it was at the start (0; also done at exit). Returns 1 if standard input and output are a terminal, else 0 and nothing is done. */
int pyr_posix_raw(int on);

/* 1 while the terminal is raw. */
int pyr_posix_is_raw(void);

/* The host's files, for any port that runs on a POSIX system. */
extern const struct pyr_files pyr_posix_files;

/* machine.Timer: Timer(-1), up to 16 at a time over all VMs. */
extern const struct pyr_timer_ops pyr_posix_timers;

#ifdef __cplusplus
}
#endif

#endif
