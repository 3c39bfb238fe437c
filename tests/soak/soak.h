/* soak.h: what soak.c asks of the system below it: freertos.c, or threads.c. */
#ifndef SOAK_H
#define SOAK_H

#include "pyrite.h"

#ifdef __linux__
#define VM_BYTES (1024 * 1024)
#define FIBER_BYTES (16 * 1024)
#define THREAD_BYTES (256 * 1024)
#else
#define VM_BYTES (96 * 1024)
#define FIBER_BYTES 2048
#define THREAD_BYTES 8192
#endif

uint64_t soak_clock_us(void);
void soak_write(const char *text);
void soak_end(int status) __attribute__((noreturn));
const struct pyr_port *soak_port(void);

/* Tasks: at most SOAK_TASKS of them, of priorities 1 to 3. A task that is done says so and does not come back. */
#define SOAK_TASKS 6
void soak_start(void (*task)(void *arg), const char *name, int priority);
void soak_sleep_ms(uint32_t ms);
void soak_done(void);
/* How many are not done. */
int soak_running(void);

/* soak.c: what the interrupt does, a thousand times a second; the first task; what a fault of the system says. */
void soak_interrupt(void);
void soak_main(void *arg);
void soak_failed(const char *what, int line) __attribute__((noreturn));

#endif
