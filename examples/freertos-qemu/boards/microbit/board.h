/* board.h: BBC micro:bit: nRF51822, Cortex-M0, 16 MHz, 256 KB + 16 KB. */
#define BOARD_CPU_HZ 16000000
#define BOARD_IRQS 32
#define BOARD_RX_IRQ 2
#define BOARD_TICK_IRQ 8 /* TIMER0: the chip has no SysTick */
#define BOARD_RX_RING 64
#define BOARD_COMMAND_LINE 128
#define BOARD_IDLE_STACK_WORDS 60
#define BOARD_PYTHON_STACK 2560
#define BOARD_FIBER 0 /* value stack: what the library takes by itself */
#define BOARD_PYTHON_BYTES 0 /* all that is left */
#define BOARD_NO_ASSERTS /* the kernel checks nothing: flash */
#define BOARD_NOTIFICATIONS 0 /* tasks wait by semaphores, which the VM's mutex needs anyway: flash */
