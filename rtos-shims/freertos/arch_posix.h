/* arch_posix.h: FreeRTOS's Posix port. Interrupts are signal handlers, in which only the firmware knows that it is: its
 * tick hook sets pyr_freertos_in_isr. Stacks are those of the threads, so the C library says where they end. */

#include <pthread.h>

volatile sig_atomic_t pyr_freertos_in_isr;

static inline int arch_in_isr(void) { return pyr_freertos_in_isr; }

static inline uintptr_t arch_mask(void) {
    taskENTER_CRITICAL();
    return 0;
}

static inline void arch_unmask(uintptr_t state) {
    (void)state;
    taskEXIT_CRITICAL();
}

/* The tick handler asks the kernel after its hook whether a task became ready. */
static inline void arch_yield_from_isr(void) {}

/* A signal handler runs on the interrupted thread's stack. */
#define ARCH_STACK_RESERVE 16384

static inline uintptr_t arch_stack_low(void) {
    static _Thread_local uintptr_t low;
    pthread_attr_t attr;
    if (low == 0 && pthread_getattr_np(pthread_self(), &attr) == 0) {
        void *start;
        size_t size;
        pthread_attr_getstack(&attr, &start, &size);
        pthread_attr_destroy(&attr);
        low = (uintptr_t)start;
    }
    return low;
}
