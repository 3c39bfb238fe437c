/* port.c: the port of the application's interpreter, which the Rust side opens. */
#include "pyrite_zephyr.h"

PYR_ZEPHYR_CONSOLE(app_console, NULL); /* printk */
const struct pyr_port app_port = {PYR_ZEPHYR_PORT, .user = &app_console};
