/* startup.c: from reset to main on a Cortex-M, the vector table, faults, and semihosting. */
#include "app.h"
#include "cortex_m.h"
#include "semihosting.h"

extern uint32_t _sidata, _sdata, _edata, _sbss, _ebss, _estack;
int main(void);

void Reset_Handler(void) {
    for (uint32_t *from = &_sidata, *to = &_sdata; to < &_edata;) *to++ = *from++;
    for (uint32_t *to = &_sbss; to < &_ebss;) *to++ = 0;
#if defined(__ARM_FP)
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: the FPU is off after reset */
    __asm volatile("dsb\n isb");
#endif
    main();
}

static void say_hex(const char *name, uint32_t value) {
    while (*name != 0) board_putc((uint8_t)*name++);
    for (int shift = 28; shift >= 0; shift -= 4) board_putc((uint8_t)"0123456789abcdef"[value >> shift & 15]);
}

/* Where it happened: the processor pushed r0-r3, r12, lr, pc, psr. */
__attribute__((used)) void fault(const uint32_t *frame) {
    say_hex("\r\nfault: pc ", frame[6]);
    say_hex(" lr ", frame[5]);
    say_hex(" sp ", (uint32_t)frame);
    board_stop("", 0);
}

__attribute__((naked)) void Fault_Handler(void) {
    __asm volatile("mov r0, lr\n"
                   "movs r1, #4\n"
                   "tst r0, r1\n"
                   "bne 1f\n"
                   "mrs r0, msp\n"
                   "b 2f\n"
                   "1: mrs r0, psp\n"
                   "2: ldr r1, =fault\n"
                   "bx r1\n"
                   ".ltorg\n");
}

void SVC_Handler(void);
void PendSV_Handler(void);
void SysTick_Handler(void);
void board_rx_isr(void);
#ifdef BOARD_TICK_IRQ
void board_tick_isr(void);
#endif

__attribute__((section(".isr_vector"), used)) static void *const vectors[16 + BOARD_IRQS] = {
    [0] = &_estack,
    [1] = Reset_Handler,
    [2 ... 6] = Fault_Handler,
    [11] = SVC_Handler,
    [14] = PendSV_Handler,
    [15] = SysTick_Handler,
    [16 + BOARD_RX_IRQ] = board_rx_isr,
#ifdef BOARD_TICK_IRQ
    [16 + BOARD_TICK_IRQ] = board_tick_isr,
#endif
#ifdef BOARD_GPIO_IRQ
    [16 + BOARD_GPIO_IRQ ... 15 + BOARD_GPIO_IRQ + BOARD_GPIO_PORTS] = board_gpio_isr,
#endif
};

void nvic_enable(int irq, int priority) {
    /* Cortex-M0 has only whole-word access to the priorities. */
    volatile uint32_t *word = (volatile uint32_t *)(0xE000E400u + ((uint32_t)irq & ~3u));
    int shift = (irq & 3) * 8;
    *word = (*word & ~(0xFFu << shift)) | ((uint32_t)priority << shift);
    ((volatile uint32_t *)0xE000E100u)[irq >> 5] = 1u << (irq & 31);
}

long semihosting_call(long operation, void *arguments) {
    register long r0 __asm("r0") = operation;
    register void *r1 __asm("r1") = arguments;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}
