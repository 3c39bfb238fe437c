/* board.c: the 16550 UART behind the PLIC, and the CLINT's timer. */
#include "app.h"

#include "FreeRTOS.h"
#include "task.h"

#define WORD(address) (*(volatile uint32_t *)(address))
#define UART ((volatile uint8_t *)0x10000000u)
#define PLIC 0x0C000000u
#define PLIC_CLAIM (PLIC + 0x200004)
#define UART_IRQ 10

enum { DATA = 0, IER = 1, FCR = 2, LCR = 3, LSR = 5 };
enum { RX_READY = 1, TX_EMPTY = 0x20 }; /* LSR */

void board_init(void) {
    UART[FCR] = 7; /* FIFOs on and empty */
    UART[LCR] = 3; /* 8 bits, no parity */
}

void board_rx_start(void) {
    UART[IER] = 1;
    WORD(PLIC + 4 * UART_IRQ) = 1;
    WORD(PLIC + 0x2000) |= 1u << UART_IRQ;
    WORD(PLIC + 0x200000) = 0;
    __asm volatile("csrs mie, %0" ::"r"(0x800));
}

void board_putc(uint8_t byte) {
    while (!(UART[LSR] & TX_EMPTY)) {
    }
    UART[DATA] = byte;
}

void freertos_risc_v_application_interrupt_handler(void) {
    uint32_t source = WORD(PLIC_CLAIM);
    if (source == UART_IRQ)
        while (UART[LSR] & RX_READY) app_rx(UART[DATA]);
    WORD(PLIC_CLAIM) = source;
}

void freertos_risc_v_application_exception_handler(void) {
    uint32_t at;
    __asm volatile("csrr %0, mepc" : "=r"(at));
    for (int shift = 28; shift >= 0; shift -= 4) board_putc((uint8_t)"0123456789abcdef"[at >> shift & 15]);
    board_stop(": trap", 0);
}

uint64_t board_clock_us(void *user) {
    (void)user;
    uint32_t high, low;
    do {
        high = WORD(BOARD_MTIME + 4);
        low = WORD(BOARD_MTIME);
    } while (high != WORD(BOARD_MTIME + 4));
    return ((uint64_t)high << 32 | low) / (BOARD_CPU_HZ / 1000000);
}

uint32_t board_cpu_ticks(void *user) {
    (void)user;
    uint32_t cycles;
    __asm volatile("rdcycle %0" : "=r"(cycles));
    return cycles;
}
