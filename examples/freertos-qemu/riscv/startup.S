# startup.S: from reset to main in machine mode, and semihosting.

.section .init,"ax"
.globl _start
_start:
.option push
.option norelax
  la gp, __global_pointer$
.option pop
  la sp, _estack
  la t0, freertos_risc_v_trap_handler
  csrw mtvec, t0
  la a0, _sidata
  la a1, _sdata
  la a2, _edata
1:
  bgeu a1, a2, 2f
  lw t0, 0(a0)
  sw t0, 0(a1)
  addi a0, a0, 4
  addi a1, a1, 4
  j 1b
2:
  la a1, _sbss
  la a2, _ebss
3:
  bgeu a1, a2, 4f
  sw zero, 0(a1)
  addi a1, a1, 4
  j 3b
4:
  call main
5:
  j 5b

# long semihosting_call(long operation, void *arguments): these three instructions, uncompressed and in one page, are
# what the debugger looks for.
.text
.globl semihosting_call
.balign 16
semihosting_call:
.option push
.option norvc
  slli x0, x0, 0x1f
  ebreak
  srai x0, x0, 7
.option pop
  ret
