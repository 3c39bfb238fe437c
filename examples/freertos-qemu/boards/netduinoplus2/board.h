/* board.h: Netduino Plus 2: STM32F405, Cortex-M4F, 168 MHz, 1 MB + 128 KB. */
#define BOARD_CPU_HZ 168000000
#define BOARD_IRQS 98
#define BOARD_RX_IRQ 37
#define BOARD_RX_RING 256
#define BOARD_COMMAND_LINE 256
#define BOARD_IDLE_STACK_WORDS 128
#define BOARD_PYTHON_STACK 4096 /* the FPU's registers lie on it too */
#define BOARD_FIBER 32768 /* value stack: 200 nested calls of any kind */
#define BOARD_PYTHON_BYTES 0 /* all that is left */
