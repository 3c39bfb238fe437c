/* check.h: what the tests of the C API share. A test is a function that gets a VM which it has entered. */
#ifndef CHECK_H
#define CHECK_H

#include "pyrite.h"

#include <stdio.h>
#include <string.h>

extern int checks, failures;

/* Counts, and tells what went wrong. */
#define CHECK(what) check((what) ? 1 : 0, #what, __FILE__, __LINE__)
/* The same for a status or result. */
#define IS(call, expected) check_is((call), (expected), #call, __FILE__, __LINE__)
#define OK(call) IS(call, PYR_OK)

void check(int right, const char *what, const char *file, int line);
void check_is(int result, int expected, const char *what, const char *file, int line);

static const pyr_ref nobody = {0};

int exec(pyr_vm *vm, const char *source);
pyr_ref eval(pyr_vm *vm, const char *source);
/* The exception that waits: 1 where it is of this type with this message. */
int raised(pyr_vm *vm, const char *type, const char *message);
/* Runs a program that must not raise. */
#define RUNS(vm, source) runs(vm, source, __FILE__, __LINE__)
void runs(pyr_vm *vm, const char *source, const char *file, int line);
/* Runs a program that must raise this. */
#define RAISES(vm, source, type, message) (IS(exec(vm, source), PYR_E_EXCEPTION), CHECK(raised(vm, type, message)))

void test_objects(pyr_vm *vm);
void test_numbers(pyr_vm *vm);
void test_exceptions(pyr_vm *vm);
void test_buffers(pyr_vm *vm);
void test_natives(pyr_vm *vm);
void test_classes(pyr_vm *vm);
void test_queues(pyr_vm *vm);
void test_machine(pyr_vm *vm);
void test_hostile(pyr_vm *vm);
void test_tasks(pyr_vm *vm);
void test_waits(pyr_vm *vm);

/* Another VM, open and entered by the same task. */
extern pyr_vm *other_vm;

#endif
