/* pyrite_conformance.h: is a port right? Exercises every function of a struct pyr_port and says what is wrong.
 *
 * Needs no VM and no library: add pyrite_conformance.c to the firmware, start one task with about 2 KB of stack, and call
 * pyr_conformance there. It takes some seconds. docs/PORTING.md explains its lines.
 */
#ifndef PYRITE_CONFORMANCE_H
#define PYRITE_CONFORMANCE_H

#include "pyrite_machine.h"
#include "pyrite_port.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pyr_conformance {
    /* Where the helper tasks' stacks and the port's objects go, aligned to 16; two stacks and about 1 KB. */
    void *memory;
    size_t len;
    size_t stack_len; /* bytes of a helper task's stack */

    /* Shows one line, which has no line end. */
    void (*say)(void *user, const char *line);

    /* [optional] Makes an interrupt happen that calls `handler(arg)`, and returns after it has. Without it what only
     * interrupts show is not tested, and the report says so. */
    void (*in_interrupt)(void *user, void (*handler)(void *arg), void *arg);

    /* [optional] A folder, NUL-terminated, where files may be made and removed. */
    const char *folder;

    void *user; /* passed to the functions above */
};

/* The number of things that are wrong, 0 for a good port. Called from a task of ordinary priority. */
int pyr_conformance(const struct pyr_port *port, const struct pyr_conformance *config);

/* The same for the timers of pyrite_machine.h; of `config` it needs `say`. `port` has passed pyr_conformance. */
int pyr_conformance_timers(const struct pyr_port *port, const struct pyr_timer_ops *timers,
                           const struct pyr_conformance *config);

#ifdef __cplusplus
}
#endif

#endif
