/* firmware.h: what the files of this example share. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include "pyrite.h"

/* The one VM. Tasks enter it with pyr_enter. */
extern pyr_vm *vm;

/* The board and its RTOS, for every VM and queue. */
extern const struct pyr_port firmware_port;

/* Lines on the UART. */
void say(const char *text);
void say_number(const char *before, int32_t number);

/* Ends everything where something does not hold. */
void must_hold(int holds, const char *what, int line);
#define MUST_HOLD(what) must_hold((what) ? 1 : 0, #what, __LINE__)
/* Ends everything at a status that nothing handles; else gives the result. */
int must(int status, int line);
#define MUST(call) must((call), __LINE__)

/* Runs a program that the example brings along, in a VM that the task has entered. */
void run(const char *program);

/* Each shows one side of pyrite.h, in a VM that the task has entered. */
void show_objects(void);
void show_exceptions(void);
void show_natives(void);
void show_buffers(void);
void show_queues(void);
void show_limits(void);

/* natives.c: the modules of this firmware, for pyr_set_modules. */
extern const struct pyr_module *const firmware_modules[];
extern const size_t firmware_modules_len;

/* files.c: files in flash, for the port. */
extern const struct pyr_files flash_files;

#endif
