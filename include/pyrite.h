/* pyrite.h: Python inside C firmware.
 *
 *   static uint8_t memory[64 * 1024];
 *   pyr_vm *vm;
 *   pyr_open(memory, sizeof memory, &port, NULL, &vm);
 *   pyr_entry entry;
 *   pyr_enter(vm, &entry, PYR_FOREVER_MS);
 *   pyr_exec(vm, "print('hello')", 14, "<main>", 0);
 *   pyr_leave(vm, &entry);
 *   pyr_close(vm);
 *
 * Conventions
 *   Every function takes the VM first and returns an int: 0 or a positive result, or a negative status (PYR_E...).
 *   A result comes through the last pointer; on an error it is not touched.
 *   Text is UTF-8 with a length, never NUL-terminated, unless a parameter's comment says so. Bytes that go in are
 *   copied; bytes that come out are copied into the caller's buffer.
 *   Unless marked [any], a function may be called only between pyr_enter and pyr_leave of the same task; from elsewhere
 *   it returns PYR_E_TASK. [any] is legal from every task and interrupt.
 *   Functions marked [python] may run Python code and collect garbage; on an exception they return PYR_E_EXCEPTION,
 *   and the exception waits in the VM until pyr_exception takes it or the task's next [python] call drops it.
 */
#ifndef PYRITE_H
#define PYRITE_H

#include "pyrite_port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version -------------------------------------------------------------------------------------------------------- */

/* The same major number means: sources compile and run unchanged. pyr_open compares the sizes of both structs. */
#define PYR_ABI_MAJOR 0
#define PYR_ABI_MINOR 1

/* [any] The library's own (PYR_ABI_MAJOR << 16 | PYR_ABI_MINOR). */
uint32_t pyr_abi_version(void);

/* ---- Status ----------------------------------------------------------------------------------------------------------- */

#define PYR_OK 0
#define PYR_E_EXCEPTION (-1) /* Python raised; see pyr_exception */
#define PYR_E_NULL (-2)      /* a pointer that must not be NULL is */
#define PYR_E_VM (-3)        /* not a VM, or it is closed */
#define PYR_E_TASK (-4)      /* this task has not entered the VM */
#define PYR_E_REF (-5)       /* a stale reference, or one of another VM */
#define PYR_E_TIMEOUT (-6)
#define PYR_E_MEMORY (-7)    /* the memory given is too small, or a fixed table is full */
#define PYR_E_ABI (-8)       /* port or config were compiled with another header, or lack a function */
#define PYR_E_TYPE (-9)      /* the object is of another type than was asked for */
#define PYR_E_RANGE (-10)    /* the number does not fit, an index is out of range, an argument is out of bounds */
#define PYR_E_MISSING (-11)  /* no such name, key, file or exception */
#define PYR_E_NESTING (-12)  /* entries, frames or locks are closed in the wrong order */
#define PYR_E_INTERRUPT (-13) /* not from an interrupt */
#define PYR_E_FORMAT (-14)   /* the bytes given are damaged, cut or of another version */

/* [any] A short constant text in English for a status, NUL-terminated. */
const char *pyr_strerror(int status);

/* ---- Opening and closing ------------------------------------------------------------------------------------------- */

typedef struct pyr_vm pyr_vm;

/* Zero in a field means its default. */
struct pyr_config {
    uint32_t abi_size;    /* sizeof(struct pyr_config) */
    uint32_t fiber_bytes; /* value stack of each task that enters; default 1/8 of the memory, 768 to 16384 (64 bit: 32768) */
    uint16_t max_tasks;   /* tasks that are inside at the same time; default 2 */
    uint16_t refs;        /* references alive at the same time, over all tasks; default 16 */
};

/* Makes a VM in `memory`, which belongs to it until pyr_close. `port` must stay as long; `config` may be NULL and is
 * not kept. Called from a task, once per VM. PYR_E_ABI, PYR_E_MEMORY, PYR_E_NULL. */
int pyr_open(void *memory, size_t len, const struct pyr_port *port, const struct pyr_config *config, pyr_vm **out);

/* Ends the VM, without running finalizers; `memory` is the caller's again. Called by a task that has not entered, when no
 * other task is inside (PYR_E_NESTING). */
int pyr_close(pyr_vm *vm);

/* ---- Tasks: a VM runs one task at a time -------------------------------------------------------------------------------- */

#define PYR_FOREVER_MS UINT32_MAX

/* The caller's storage for one stay in the VM, usually on its stack. Opaque. */
typedef struct pyr_entry {
    void *opaque[8];
} pyr_entry;

/* Takes the VM's lock, waiting at most `timeout_ms`, and gives the task a value stack. Nests: a task that is inside may
 * enter again with another `entry`. `entry` belongs to the VM until pyr_leave. PYR_E_TIMEOUT, PYR_E_MEMORY when
 * max_tasks are inside, PYR_E_INTERRUPT. */
int pyr_enter(pyr_vm *vm, pyr_entry *entry, uint32_t timeout_ms);

/* Gives back the task's references of this stay and, with the outermost one, the lock. */
int pyr_leave(pyr_vm *vm, pyr_entry *entry);

/* Lets other tasks in while this one waits for something outside Python; its references stay good. Does not nest.
 * Between the two the task may call nothing but pyr_lock and what is marked [any]. */
int pyr_unlock(pyr_vm *vm);
int pyr_lock(pyr_vm *vm);

/* ---- References: how C holds on to Python objects ------------------------------------------------------------------------ */

/* A slot, its generation and the VM's tag: a stale or foreign reference is detected, not followed. By value. {0} is no
 * object and never valid. A reference belongs to the frame in which it was made and ends with it. */
typedef struct pyr_ref {
    uint64_t bits;
} pyr_ref;

/* Opens a frame: references made from now on end with the matching pyr_pop_frame. pyr_enter opens one itself. `room` is
 * how many references the frame will need; PYR_E_MEMORY if they are not free now. */
int pyr_push_frame(pyr_vm *vm, uint32_t room);
int pyr_pop_frame(pyr_vm *vm);

/* A second reference to the same object that no frame ends: it lives until pyr_drop or pyr_close. */
int pyr_keep(pyr_vm *vm, pyr_ref ref, pyr_ref *out);

/* Ends a reference before its frame does, or one that was kept. */
int pyr_drop(pyr_vm *vm, pyr_ref ref);

/* ---- Running programs ---------------------------------------------------------------------------------------------------- */

/* pyr_exec: the text is an expression whose value is printed unless it is None, as the REPL does. */
#define PYR_EXEC_SINGLE 1u

/* [python] Compiles and runs source text in the globals of __main__. `name` (NUL-terminated) appears in tracebacks. */
int pyr_exec(pyr_vm *vm, const char *source, size_t len, const char *name, uint32_t flags);

/* [python] Runs a file (source or .mpy) of the port's files as __main__. `path` is NUL-terminated. */
int pyr_run_file(pyr_vm *vm, const char *path);

/* [python] Runs a verified .mpy image where it lies: `bytes` must stay unchanged until pyr_close, or until
 * pyr_collect after the last use of its functions. */
int pyr_run_mpy(pyr_vm *vm, const uint8_t *bytes, size_t len);

/* [python] A REPL on the port's console until ctrl-D: friendly, or raw (for tools; ctrl-A switches) with PYR_REPL_RAW.
 * Returns PYR_REPL_END or PYR_REPL_END_RAW by the mode in which ctrl-D came; PYR_E_EXCEPTION only for SystemExit. */
#define PYR_REPL_RAW 1u
#define PYR_REPL_END 0
#define PYR_REPL_END_RAW 1
int pyr_repl(pyr_vm *vm, uint32_t flags);

/* Frozen modules: `blob` is what pyrite-freeze wrote, `len` its length or more. Its modules are found by import under the
 * entry ".frozen", which sys.path gets at its end, and run where they lie: the blob must stay unchanged until pyr_close. A
 * second blob takes the place of the first for later imports. PYR_E_FORMAT; PYR_E_EXCEPTION is MemoryError. */
int pyr_set_frozen(pyr_vm *vm, const void *blob, size_t len);

/* Sets sys.argv. */
int pyr_set_argv(pyr_vm *vm, size_t n, const char *const *words);

/* [python] The module `name`, imported if need be. */
int pyr_import(pyr_vm *vm, const char *name, size_t len, pyr_ref *out);

/* The global `name` of the module `module` ("__main__" is the program). Both NUL-terminated. PYR_E_MISSING. */
int pyr_lookup(pyr_vm *vm, const char *module, const char *name, pyr_ref *out);

/* ---- Objects ---------------------------------------------------------------------------------------------------------------- */

/* [python] Attributes. `name` is NUL-terminated. */
int pyr_getattr(pyr_vm *vm, pyr_ref object, const char *name, pyr_ref *out);
int pyr_setattr(pyr_vm *vm, pyr_ref object, const char *name, pyr_ref value);

/* One keyword argument; `name` is NUL-terminated. */
struct pyr_keyword {
    const char *name;
    pyr_ref value;
};

/* [python] Calls with `n` arguments and `n_keywords` keyword arguments (NULL when there are none). `out` may be NULL. */
int pyr_call(pyr_vm *vm, pyr_ref function, const pyr_ref *args, size_t n, const struct pyr_keyword *keywords,
             size_t n_keywords, pyr_ref *out);
int pyr_call_method(pyr_vm *vm, pyr_ref object, const char *name, const pyr_ref *args, size_t n, pyr_ref *out);

/* [python] object[key], object[key] = value, len(object). pyr_len returns the length. */
int pyr_getitem(pyr_vm *vm, pyr_ref object, pyr_ref key, pyr_ref *out);
int pyr_setitem(pyr_vm *vm, pyr_ref object, pyr_ref key, pyr_ref value);
int pyr_len(pyr_vm *vm, pyr_ref object);

/* [python] Iteration: pyr_iter gives an iterator, pyr_next 1 with the next item or 0 at the end. */
int pyr_iter(pyr_vm *vm, pyr_ref object, pyr_ref *out);
int pyr_next(pyr_vm *vm, pyr_ref iterator, pyr_ref *out);

/* ---- C to Python: new objects ----------------------------------------------------------------------------------------------- */

int pyr_new_none(pyr_vm *vm, pyr_ref *out);
int pyr_new_bool(pyr_vm *vm, int value, pyr_ref *out);
int pyr_new_int(pyr_vm *vm, int64_t value, pyr_ref *out);
int pyr_new_uint(pyr_vm *vm, uint64_t value, pyr_ref *out);
int pyr_new_float(pyr_vm *vm, double value, pyr_ref *out);
int pyr_new_str(pyr_vm *vm, const char *text, size_t len, pyr_ref *out);
int pyr_new_bytes(pyr_vm *vm, const void *bytes, size_t len, pyr_ref *out);
int pyr_new_tuple(pyr_vm *vm, const pyr_ref *items, size_t n, pyr_ref *out);
int pyr_new_list(pyr_vm *vm, const pyr_ref *items, size_t n, pyr_ref *out);
int pyr_new_dict(pyr_vm *vm, pyr_ref *out);

/* ---- Python to C: reading objects --------------------------------------------------------------------------------------------- */

/* 1 or 0. */
int pyr_is_none(pyr_vm *vm, pyr_ref object);

/* [python] The truth of any object, 1 or 0. */
int pyr_truth(pyr_vm *vm, pyr_ref object);

/* An int (or bool) that fits, else PYR_E_TYPE or PYR_E_RANGE. */
int pyr_get_int32(pyr_vm *vm, pyr_ref object, int32_t *out);
int pyr_get_int64(pyr_vm *vm, pyr_ref object, int64_t *out);
int pyr_get_uint64(pyr_vm *vm, pyr_ref object, uint64_t *out);

/* A float or an int. */
int pyr_get_float(pyr_vm *vm, pyr_ref object, double *out);

/* Copies the text of a str, or the bytes of bytes or bytearray, as far as `size` goes; a text is cut between characters
 * and ended by a NUL if size > 0. `*len` (may be NULL) is the whole length without the NUL. */
int pyr_get_str(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);
int pyr_get_bytes(pyr_vm *vm, pyr_ref object, void *buf, size_t size, size_t *len);

/* The name of the object's type, as pyr_get_str. */
int pyr_type_name(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);

/* [python] str(object) and repr(object) as text, as pyr_get_str. */
int pyr_str(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);
int pyr_repr(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);

/* ---- Exceptions are values ------------------------------------------------------------------------------------------------------ */

/* The exception of this task's last [python] call, which the VM forgets. PYR_E_MISSING if there was none. */
int pyr_exception(pyr_vm *vm, pyr_ref *out);

/* What it is, as text: its type's name, str() of it, and its traceback as Python prints it, lines with '\n'. As
 * pyr_get_str. */
int pyr_exc_type(pyr_vm *vm, pyr_ref exception, char *buf, size_t size, size_t *len);
int pyr_exc_message(pyr_vm *vm, pyr_ref exception, char *buf, size_t size, size_t *len);
int pyr_exc_traceback(pyr_vm *vm, pyr_ref exception, char *buf, size_t size, size_t *len);

/* The line where it was raised, or 0; `file` as pyr_get_str (may be NULL with size 0). */
int pyr_exc_line(pyr_vm *vm, pyr_ref exception, char *file, size_t size, uint32_t *line);

/* [python] Prints it on the port's console as the REPL does. */
int pyr_exc_print(pyr_vm *vm, pyr_ref exception);

/* 1 if it is SystemExit, with the status that a program would end with in `*status`; else 0. */
int pyr_exc_exit(pyr_vm *vm, pyr_ref exception, int *status);

/* ---- From other tasks and from interrupts --------------------------------------------------------------------------------------- */

/* [any] The running program gets KeyboardInterrupt at its next safepoint, waits included. 1; or 0 when the program
 * switched that off (micropython.kbd_intr(-1)): then a typed ctrl-C is an ordinary character. */
int pyr_interrupt(pyr_vm *vm);

/* ---- Limits and memory ---------------------------------------------------------------------------------------------------------- */

/* For each [python] call of this stay from now on: at most `ticks` safepoints of the VM (a turn of a loop or a call each;
 * 0: no limit) and `ms` milliseconds (0: no limit). A call that needs more ends with TimeoutError. */
int pyr_set_limits(pyr_vm *vm, uint32_t ticks, uint32_t ms);

struct pyr_memory {
    uint32_t abi_size;   /* set by the caller: sizeof(struct pyr_memory) */
    uint32_t heap;       /* bytes of Python heap */
    uint32_t used, free; /* now; garbage that is not yet collected counts as used */
    uint32_t collections;
    uint32_t longest_step; /* of the collector, in instructions as it estimates them */
};

int pyr_memory(pyr_vm *vm, struct pyr_memory *out);

/* One step of the collector within its budget: 1 while a cycle runs, 0 when it is complete. For idle tasks. */
int pyr_gc_step(pyr_vm *vm);

/* [python] A whole collection, in steps, finalizers included. */
int pyr_collect(pyr_vm *vm);

#ifdef __cplusplus
}
#endif

#endif
