/* board.h: Arm MPS2 with the AN385 image: Cortex-M3, 25 MHz, 4 MB + 4 MB. */
#define BOARD_CPU_HZ 25000000
#define BOARD_IRQS 32
#define BOARD_RX_IRQ 0
#define BOARD_RX_RING 256
#define BOARD_COMMAND_LINE 256
#define BOARD_IDLE_STACK_WORDS 96
#define BOARD_PYTHON_STACK 4096
#define BOARD_FIBER 32768 /* value stack: 200 nested calls of any kind */
#define BOARD_PYTHON_BYTES (140 * 1024) /* as much as MicroPython's port to this board has, for comparison */
