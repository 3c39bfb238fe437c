/* pyrite_zephyr_host.c: the part of the shim that runs on the host's C library where Zephyr itself is a host program
 * (native_sim): the native simulator's runner compiles it. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>

/* The end of the calling thread's stack. */
uintptr_t pyr_zephyr_host_stack_low(void) {
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
