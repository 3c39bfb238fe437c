/* looks.h: what the kernel knows of a thread at one time.
 *
 * A look is taken under the kernel's lock and copied, because neither objects can be made there nor lines printed; threads
 * that begin while one looks at all of them are left out, and one that ends may be missing. How much of a stack was used is
 * found out without the lock, from the copied bounds: the memory is still there should the thread have ended meanwhile.
 */
#ifndef PYRITE_LOOKS_H
#define PYRITE_LOOKS_H

#include <zephyr/kernel.h>

struct pyr_thread_look {
    const struct k_thread *id; /* a number: nothing is read through it */
    char name[CONFIG_PYRITE_ZEPHYR_THREAD_NAME];
    char state[16];
    int priority;
    uint32_t stack, unused; /* unused: with INIT_STACKS, else 0 */
    uint64_t cycles;        /* with SCHED_THREAD_USAGE, else 0 */
};

/* At this thread; false if there is none. */
bool pyr_look_at_thread(const struct k_thread *wanted, struct pyr_thread_look *look);

/* At the one of this number; false after the last. */
bool pyr_look_at_nth_thread(size_t index, struct pyr_thread_look *look);

#endif
