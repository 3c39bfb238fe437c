/* pyrite_zephyr_eabi.c: the memory functions of Arm's run-time ABI, which LLVM calls. Newlib and picolibc have them, Zephyr's
 * own small C library lacks them: hence weak. */
#include <zephyr/toolchain.h>

#include <string.h>

#define SAME(name, params, call)                                                                                       \
    __weak void name params { (void)call; }                                                                            \
    __weak void name##4 params { (void)call; }                                                                         \
    __weak void name##8 params { (void)call; }

SAME(__aeabi_memcpy, (void *to, const void *from, size_t len), memcpy(to, from, len))
SAME(__aeabi_memmove, (void *to, const void *from, size_t len), memmove(to, from, len))
SAME(__aeabi_memset, (void *to, size_t len, int byte), memset(to, byte, len))
SAME(__aeabi_memclr, (void *to, size_t len), memset(to, 0, len))
