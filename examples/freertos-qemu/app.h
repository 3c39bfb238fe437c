/* app.h: what a board gives to a program, and what a program gives to a board. */
#ifndef APP_H
#define APP_H

#include <stddef.h>
#include <stdint.h>

#include "board.h"

/* ---- from boards/NAME/board.c ------------------------------------------------------------------------------------------- */

/* Makes the UART send. Called before the scheduler runs. */
void board_init(void);
/* Lets the UART's receive interrupt come. Called from a task. */
void board_rx_start(void);
/* Sends one byte, waiting for room. */
void board_putc(uint8_t byte);
/* Microseconds and cycles since the scheduler started. */
uint64_t board_clock_us(void *user);
uint32_t board_cpu_ticks(void *user);

#ifdef BOARD_MACHINE
/* What Python finds in `machine`. */
extern const struct pyr_machine board_machine;
#endif
#ifdef BOARD_GPIO_IRQ
void board_gpio_isr(void);
#endif

/* ---- from the program (console.c) -------------------------------------------------------------------------------------------- */

/* Called by the receive interrupt. */
void app_rx(uint8_t byte);
/* Says what went wrong on the UART and ends QEMU with status 99. Never returns. */
void board_stop(const char *what, int line) __attribute__((noreturn));

/* ---- from the linker script: the memory that nothing else uses ------------------------------------------------------------ */

extern uint8_t _heap_start[], _heap_end[];

#endif
