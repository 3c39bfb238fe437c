/* main.c: a program of Linux with Python in a thread of its own. */
#include "pyrite.h"
#include "pyrite_posix.h"

#include <stdio.h>

static _Alignas(8) unsigned char memory[256 * 1024];

int main(void) {
    static const char program[] = "print('a package is enough:', sum(range(10)))\n";
    pyr_vm *vm;
    pyr_entry entry;
    int status = pyr_open(memory, sizeof memory, pyr_posix_port(), NULL, &vm);
    if (status == PYR_OK) status = pyr_enter(vm, &entry, PYR_FOREVER_MS);
    if (status == PYR_OK) status = pyr_exec(vm, program, sizeof program - 1, "main.py", 0);
    if (status == PYR_OK) status = pyr_leave(vm, &entry);
    if (status == PYR_OK) status = pyr_close(vm);
    if (status < 0) fprintf(stderr, "%s\n", pyr_strerror(status));
    return status < 0;
}
