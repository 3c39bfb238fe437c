/* arch_riscv.h: RISC-V in machine mode. Handlers run on the kernel's interrupt stack, which tells them from tasks;
 * FreeRTOS's FromISR masks do nothing on this port, so the interrupt enable bit is saved and restored here. */

extern const StackType_t xISRStackTop;

static inline __attribute__((always_inline)) int arch_in_isr(void) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), top = (uintptr_t)xISRStackTop;
    return here <= top && here > top - configISR_STACK_SIZE_WORDS * sizeof(StackType_t);
}

static inline __attribute__((always_inline)) uintptr_t arch_mask(void) {
    uintptr_t before;
    __asm volatile("csrrci %0, mstatus, 8" : "=r"(before)::"memory");
    return before & 8;
}

static inline __attribute__((always_inline)) void arch_unmask(uintptr_t state) { __asm volatile("csrs mstatus, %0" ::"r"(state) : "memory"); }

static inline __attribute__((always_inline)) void arch_yield_from_isr(void) { portYIELD_FROM_ISR(pdTRUE); }

/* The trap handler saves 31 registers and the nesting count on the task's stack. */
#define ARCH_STACK_RESERVE 144

static inline __attribute__((always_inline)) uintptr_t arch_stack_low(void) {
    return (uintptr_t)((StaticTask_t *)xTaskGetCurrentTaskHandle())->pxDummy6; /* TCB_t.pxStack: FreeRTOS keeps the
                                                                                    two structs alike */
}
