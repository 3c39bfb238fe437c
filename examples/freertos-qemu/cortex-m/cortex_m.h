/* cortex_m.h: the processor's own peripherals, for the boards. */
#ifndef CORTEX_M_H
#define CORTEX_M_H

#include <stdint.h>

void nvic_enable(int irq, int priority);

#endif
