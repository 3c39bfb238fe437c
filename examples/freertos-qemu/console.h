/* console.h: what the programs of this folder share: the UART as Python's console and as their own, and the port. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "app.h"
#include "pyrite_freertos.h"

extern struct pyr_freertos_console uart;
extern const struct pyr_port port;

void say(const char *text);
void say_number(const char *before, uint32_t number);

#endif
