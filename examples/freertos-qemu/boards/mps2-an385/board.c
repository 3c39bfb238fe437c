/* board.c: the CMSDK UART 0 of the MPS2. */
#include "app.h"
#include "cortex_m.h"

#include "FreeRTOS.h"

static volatile uint32_t *const uart = (volatile uint32_t *)0x40004000u;
enum { DATA, STATE, CTRL, INTSTATUS, BAUDDIV };
enum { TX_FULL = 1, RX_FULL = 2 };                           /* STATE */
enum { TX_ENABLE = 1, RX_ENABLE = 2, RX_INTERRUPT = 8 };     /* CTRL */

void board_init(void) {
    uart[BAUDDIV] = BOARD_CPU_HZ / 115200;
    uart[CTRL] = TX_ENABLE | RX_ENABLE | RX_INTERRUPT;
}

void board_rx_start(void) { nvic_enable(BOARD_RX_IRQ, BOARD_RX_PRIORITY); }

void board_putc(uint8_t byte) {
    while (uart[STATE] & TX_FULL) {
    }
    uart[DATA] = byte;
}

void board_rx_isr(void) {
    while (uart[STATE] & RX_FULL) {
        uart[INTSTATUS] = 2;
        app_rx((uint8_t)uart[DATA]);
    }
}
