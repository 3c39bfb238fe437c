/* pyrite_freertos_machine.h: devices that FreeRTOS itself has, for pyr_set_machine: machine.Timer.
 *
 *   static const struct pyr_machine board = {.abi_size = sizeof board, .timer = &pyr_freertos_timers, .pin = ...};
 *
 * Software timers: FreeRTOSConfig.h needs configUSE_TIMERS and configSUPPORT_STATIC_ALLOCATION, the firmware's build
 * timers.c. Times are rounded up to ticks. The timer service task posts and nothing more, so its priority is the firmware's
 * choice; a stack of configMINIMAL_STACK_SIZE is enough for that.
 */
#ifndef PYRITE_FREERTOS_MACHINE_H
#define PYRITE_FREERTOS_MACHINE_H

#include "pyrite_freertos.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many timers run at the same time, over all VMs: about 60 bytes each. Timer(-1) beyond them is OSError(12), ENOMEM. */
#ifndef PYR_FREERTOS_TIMERS
#define PYR_FREERTOS_TIMERS 8
#endif

/* Timer(-1), and no other number. */
extern const struct pyr_timer_ops pyr_freertos_timers;

#ifdef __cplusplus
}
#endif

#endif
