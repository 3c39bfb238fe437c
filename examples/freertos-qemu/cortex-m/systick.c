/* systick.c: a fine clock out of the kernel's tick and the counter behind it, for boards whose tick is SysTick. */
#include "app.h"

#include "FreeRTOS.h"
#include "task.h"

#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define ICSR (*(volatile uint32_t *)0xE000ED04u)
#define PENDSTSET (1u << 26)

/* Cycles since the tick began, which it does when the counter comes to 0: that is before it starts again from the top. */
static uint32_t since_tick(uint32_t load) {
    uint32_t left = SYST_CVR;
    return left != 0 ? load - left : 0;
}

static uint64_t cycles(void) {
    static uint32_t last, turns; /* the tick count wraps after 49 days */
    uint32_t state = portSET_INTERRUPT_MASK_FROM_ISR();
    uint32_t load = SYST_RVR + 1, ticks = xTaskGetTickCountFromISR(), gone = since_tick(load);
    if (ICSR & PENDSTSET) { /* it wrapped, but the tick is not yet counted */
        gone = since_tick(load);
        ticks++;
    }
    if (ticks < last) turns++;
    last = ticks;
    uint64_t all = ((uint64_t)turns << 32 | ticks) * load + gone;
    portCLEAR_INTERRUPT_MASK_FROM_ISR(state);
    return all;
}

uint64_t board_clock_us(void *user) {
    (void)user;
    return cycles() / (BOARD_CPU_HZ / 1000000u);
}

uint32_t board_cpu_ticks(void *user) {
    (void)user;
    return (uint32_t)cycles();
}
