/* board.c: UART 0 of the LM3S6965, a PL011. */
#include "app.h"
#include "cortex_m.h"

#include "FreeRTOS.h"

static volatile uint32_t *const uart = (volatile uint32_t *)0x4000C000u;
enum { DATA = 0x00 / 4, FLAGS = 0x18 / 4, CTRL = 0x30 / 4, MASK = 0x38 / 4, CLEAR = 0x44 / 4 };
enum { RX_EMPTY = 1 << 4, TX_FULL = 1 << 5 };      /* FLAGS */
enum { RX_INTERRUPT = 1 << 4, RX_TIMEOUT = 1 << 6 }; /* MASK, CLEAR */

#define RCGC1 (*(volatile uint32_t *)0x400FE104u) /* clocks of UARTs */
#define RCGC2 (*(volatile uint32_t *)0x400FE108u) /* and of ports */

void board_init(void) {
    RCGC1 |= 1;
    RCGC2 |= (1u << BOARD_GPIO_PORTS) - 1;
    uart[CTRL] = 0x301; /* on, both ways */
}

void board_rx_start(void) {
    uart[MASK] = RX_INTERRUPT | RX_TIMEOUT;
    nvic_enable(BOARD_RX_IRQ, BOARD_RX_PRIORITY);
}

void board_putc(uint8_t byte) {
    while (uart[FLAGS] & TX_FULL) {
    }
    uart[DATA] = byte;
}

void board_rx_isr(void) {
    uart[CLEAR] = RX_INTERRUPT | RX_TIMEOUT;
    while (!(uart[FLAGS] & RX_EMPTY)) app_rx((uint8_t)uart[DATA]);
}
