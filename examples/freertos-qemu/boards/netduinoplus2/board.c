/* board.c: the STM32's USART1. QEMU models neither pins nor clocks of this chip, so none are set up. */
#include "app.h"
#include "cortex_m.h"

#include "FreeRTOS.h"

static volatile uint32_t *const usart = (volatile uint32_t *)0x40011000u;
enum { SR, DR, BRR, CR1 };
enum { RXNE = 1 << 5, TXE = 1 << 7 };                           /* SR */
enum { RE = 1 << 2, TE = 1 << 3, RXNEIE = 1 << 5, UE = 1 << 13 }; /* CR1 */

void board_init(void) {
    usart[BRR] = BOARD_CPU_HZ / 2 / 115200;
    usart[CR1] = UE | TE | RE;
}

void board_rx_start(void) {
    usart[CR1] |= RXNEIE;
    nvic_enable(BOARD_RX_IRQ, BOARD_RX_PRIORITY);
}

void board_putc(uint8_t byte) {
    while (!(usart[SR] & TXE)) {
    }
    usart[DR] = byte;
}

void board_rx_isr(void) {
    while (usart[SR] & RXNE) app_rx((uint8_t)usart[DR]);
}
