/* board.h: QEMU's "virt" machine, 32 bit: RV32IMAC, 10 MHz timer; 1 MB of its RAM plays the flash. */
#define BOARD_CPU_HZ 10000000
#define BOARD_MTIME 0x200BFF8
#define BOARD_MTIMECMP 0x2004000
#define BOARD_RX_RING 256
#define BOARD_COMMAND_LINE 256
#define BOARD_IDLE_STACK_WORDS 128
#define BOARD_PYTHON_STACK 4096
#define BOARD_FIBER 32768 /* value stack: 200 nested calls of any kind */
#define BOARD_PYTHON_BYTES 0 /* all that is left */
