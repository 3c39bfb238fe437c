/* board.c: UART and TIMER0 of the nRF51. */
#include "app.h"
#include "cortex_m.h"

#include "FreeRTOS.h"
#include "task.h"

#define UART(offset) (*(volatile uint32_t *)(0x40002000u + (offset)))
#define TIMER(offset) (*(volatile uint32_t *)(0x40008000u + (offset)))

enum { STARTRX = 0x000, STARTTX = 0x008, RXDRDY = 0x108, TXDRDY = 0x11C, INTENSET = 0x304, ENABLE = 0x500 };
enum { PSELTXD = 0x50C, PSELRXD = 0x514, RXD = 0x518, TXD = 0x51C, BAUDRATE = 0x524 };
enum { START = 0x000, CAPTURE1 = 0x044, COMPARE0 = 0x140, SHORTS = 0x200, MODE = 0x504, BITMODE = 0x508 };
enum { PRESCALER = 0x510, CC0 = 0x540, CC1 = 0x544 };

void board_init(void) {
    UART(PSELTXD) = 24;
    UART(PSELRXD) = 25;
    UART(BAUDRATE) = 0x01D7E000; /* 115200 */
    UART(ENABLE) = 4;
    UART(STARTTX) = 1;
    UART(STARTRX) = 1;
}

void board_rx_start(void) {
    UART(INTENSET) = 1 << 2;
    nvic_enable(BOARD_RX_IRQ, BOARD_RX_PRIORITY);
}

void board_putc(uint8_t byte) {
    UART(TXDRDY) = 0;
    UART(TXD) = byte;
    while (!UART(TXDRDY)) {
    }
}

void board_rx_isr(void) {
    while (UART(RXDRDY)) {
        UART(RXDRDY) = 0;
        app_rx((uint8_t)UART(RXD));
    }
}

/* The kernel's tick: the timer counts microseconds and clears itself. */
void vPortSetupTimerInterrupt(void) {
    TIMER(MODE) = 0;
    TIMER(BITMODE) = 3;
    TIMER(PRESCALER) = 4;
    TIMER(CC0) = 1000000 / configTICK_RATE_HZ;
    TIMER(SHORTS) = 1;
    TIMER(INTENSET) = 1 << 16;
    nvic_enable(BOARD_TICK_IRQ, 0xC0);
    TIMER(START) = 1;
}

void xPortSysTickHandler(void);
void board_tick_isr(void) {
    TIMER(COMPARE0) = 0;
    xPortSysTickHandler();
}

uint64_t board_clock_us(void *user) {
    (void)user;
    static uint32_t last, turns; /* the tick count wraps after 49 days */
    uint32_t state = portSET_INTERRUPT_MASK_FROM_ISR();
    uint32_t ticks = xTaskGetTickCountFromISR();
    TIMER(CAPTURE1) = 1;
    uint32_t gone = TIMER(CC1);
    if (TIMER(COMPARE0)) { /* it wrapped, but the tick is not yet counted */
        TIMER(CAPTURE1) = 1;
        gone = TIMER(CC1);
        ticks++;
    }
    if (ticks < last) turns++;
    last = ticks;
    uint64_t all = ((uint64_t)turns << 32 | ticks) * (1000000 / configTICK_RATE_HZ) + gone;
    portCLEAR_INTERRUPT_MASK_FROM_ISR(state);
    return all;
}

uint32_t board_cpu_ticks(void *user) { return (uint32_t)board_clock_us(user) * (BOARD_CPU_HZ / 1000000); }
