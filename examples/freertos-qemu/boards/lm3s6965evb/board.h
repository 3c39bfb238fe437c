/* board.h: Stellaris LM3S6965 evaluation kit: Cortex-M3, 12.5 MHz after reset, 256 KB + 64 KB. The board whose pins raise
 * interrupts in QEMU. */
#define BOARD_CPU_HZ 12500000
#define BOARD_IRQS 48
#define BOARD_RX_IRQ 5
#define BOARD_GPIO_IRQ 0 /* ports A to E: 0 to 4 */
#define BOARD_GPIO_PORTS 5
#define BOARD_RX_RING 64
#define BOARD_COMMAND_LINE 256
#define BOARD_IDLE_STACK_WORDS 96
#define BOARD_PYTHON_STACK 3072
#define BOARD_FIBER 0
#define BOARD_PYTHON_BYTES 0
#define BOARD_TIMERS 1
#define BOARD_MACHINE 1
