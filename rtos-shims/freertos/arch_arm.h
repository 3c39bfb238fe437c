/* arch_arm.h: Cortex-M. The processor itself says whether it handles an exception; FreeRTOS's FromISR masks nest and
 * are right in tasks too. */

static inline __attribute__((always_inline)) int arch_in_isr(void) {
    uint32_t exception;
    __asm volatile("mrs %0, ipsr" : "=r"(exception));
    return exception != 0;
}

static inline __attribute__((always_inline)) uintptr_t arch_mask(void) { return (uintptr_t)portSET_INTERRUPT_MASK_FROM_ISR(); }

static inline __attribute__((always_inline)) void arch_unmask(uintptr_t state) { portCLEAR_INTERRUPT_MASK_FROM_ISR(state); }

/* In an interrupt only pends the switch, so any place in the handler will do, and as in the kernel's tick it needs no
 * barrier: the end of the handler is one. */
static inline __attribute__((always_inline)) void arch_yield_from_isr(void) {
#ifdef portNVIC_INT_CTRL_REG
    traceISR_EXIT_TO_SCHEDULER();
    portNVIC_INT_CTRL_REG = portNVIC_PENDSVSET_BIT;
#else
    portYIELD_FROM_ISR(pdTRUE);
#endif
}

/* A context switch pushes 64 bytes, and 136 more where the FPU has been used. */
#if defined(__ARM_FP)
#define ARCH_STACK_RESERVE 208
#else
#define ARCH_STACK_RESERVE 72
#endif

static inline __attribute__((always_inline)) uintptr_t arch_stack_low(void) {
    return (uintptr_t)((StaticTask_t *)xTaskGetCurrentTaskHandle())->pxDummy6; /* TCB_t.pxStack: FreeRTOS keeps the
                                                                                    two structs alike */
}
