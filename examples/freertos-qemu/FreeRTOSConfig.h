/* FreeRTOSConfig.h: one kernel configuration for all boards; board.h says what differs. */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#include <stdint.h>

#include "board.h"

#define configCPU_CLOCK_HZ BOARD_CPU_HZ
#define configTICK_RATE_HZ 1000
#define configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS
#define configUSE_PREEMPTION 1
#define configUSE_TIME_SLICING 1
#define configMAX_PRIORITIES 4
#define configMINIMAL_STACK_SIZE BOARD_IDLE_STACK_WORDS
#define configMAX_TASK_NAME_LEN 8

#define configSUPPORT_STATIC_ALLOCATION 1
#define configSUPPORT_DYNAMIC_ALLOCATION 0
#define configUSE_MUTEXES 1
#ifndef BOARD_TIMERS
#define BOARD_TIMERS 0
#endif
#define configUSE_TIMERS BOARD_TIMERS
#define configTIMER_TASK_PRIORITY 3
#define configTIMER_QUEUE_LENGTH 4
#define configTIMER_TASK_STACK_DEPTH 128
#ifndef BOARD_NOTIFICATIONS
#define BOARD_NOTIFICATIONS 1
#endif
#define configUSE_TASK_NOTIFICATIONS BOARD_NOTIFICATIONS
#define configTASK_NOTIFICATION_ARRAY_ENTRIES 2 /* the last index is Pyrite's: how tasks wait */
#define configUSE_IDLE_HOOK 1 /* sleeps until the next interrupt: without it QEMU keeps a host CPU busy */
#ifndef BOARD_TICK_HOOK
#define BOARD_TICK_HOOK 0
#endif
#define configUSE_TICK_HOOK BOARD_TICK_HOOK
#define configCHECK_FOR_STACK_OVERFLOW 0
#define configENABLE_MPU 0
#define configENABLE_FPU 1
#define configCHECK_HANDLER_INSTALLATION 0

#define INCLUDE_vTaskDelay 1
#define INCLUDE_vTaskDelete 1
#define INCLUDE_vTaskSuspend 1
#define INCLUDE_eTaskGetState 1
#define INCLUDE_xTaskResumeFromISR 1
#define INCLUDE_uxTaskPriorityGet 1
#define INCLUDE_xTaskGetCurrentTaskHandle 1
#define INCLUDE_uxTaskGetStackHighWaterMark 1

/* Interrupts that use the kernel have BOARD_RX_PRIORITY, which must not be above this one (0 is the highest). */
#define configMAX_SYSCALL_INTERRUPT_PRIORITY 0x20
#define configKERNEL_INTERRUPT_PRIORITY 0xe0
#define BOARD_RX_PRIORITY 0x40

#ifdef BOARD_MTIME
#define configMTIME_BASE_ADDRESS BOARD_MTIME
#define configMTIMECMP_BASE_ADDRESS BOARD_MTIMECMP
#define configISR_STACK_SIZE_WORDS 256
#endif

void board_stop(const char *what, int line);
#ifndef BOARD_NO_ASSERTS
#define configASSERT(x)                                                                                                \
    do {                                                                                                               \
        if (!(x)) board_stop("assertion in " __FILE_NAME__, __LINE__);                                                 \
    } while (0)
#endif

#define vPortSVCHandler SVC_Handler
#define xPortPendSVHandler PendSV_Handler
#define xPortSysTickHandler SysTick_Handler

#endif
