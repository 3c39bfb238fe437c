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
 *   Text is UTF-8 with a length in bytes, never NUL-terminated, unless a parameter's comment says so. Bytes that go in are
 *   copied; bytes that come out are copied into the caller's buffer.
 *   Unless marked [any], a function may be called only between pyr_enter and pyr_leave of the same task, or from a native
 *   function while Python calls it; from elsewhere it returns PYR_E_TASK, from an interrupt PYR_E_INTERRUPT. [any] is
 *   legal from every task and interrupt. From a closed VM every function gives PYR_E_VM.
 *   Functions marked [python] may run Python code and collect garbage; on an exception they return PYR_E_EXCEPTION,
 *   and the exception waits in the VM until pyr_exception takes it or the task's next [python] call drops it.
 *   These errors go without saying: PYR_E_NULL for a NULL that is not allowed, PYR_E_VM, PYR_E_TASK, PYR_E_INTERRUPT,
 *   PYR_E_REF for a reference that has ended or is another VM's, PYR_E_MEMORY where a reference is made and none is free,
 *   PYR_E_RANGE for a name that is not UTF-8, a flag that does not exist, and a length that no memory has.
 *   A call that is refused has no effect.
 */
#ifndef PYRITE_H
#define PYRITE_H

#include "pyrite_machine.h"
#include "pyrite_port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version -------------------------------------------------------------------------------------------------------- */

/* The same major number means: sources compile and run unchanged. pyr_open compares the sizes of both structs. */
#define PYR_ABI_MAJOR 0
#define PYR_ABI_MINOR 3

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
    uint16_t events;      /* calls that wait for a safepoint at the same time (pyr_post, micropython.schedule); default 8 */
    uint16_t max_threads; /* Python threads at the same time (_thread); default 16. Their memory comes from the heap */
    uint32_t thread_stack; /* bytes of a thread's stacks unless it asks for others, half for natives and half for Python
                              values; at least 2304 and 512 are taken; default 8192 (64 bit: 16384) */
};

/* Makes a VM in `memory`, which belongs to it until pyr_close. `port` must stay as long; `config` may be NULL and is
 * not kept. Called from a task, once per VM. PYR_E_ABI, PYR_E_MEMORY, PYR_E_NULL. */
int pyr_open(void *memory, size_t len, const struct pyr_port *port, const struct pyr_config *config, pyr_vm **out);

/* Ends the VM; `memory` is the caller's again. Called by a task that has not entered, when no other task is inside
 * (PYR_E_NESTING, also where one comes in meanwhile: the VM stays open). What the program gave to sys.atexit is called
 * first, once, for at most 5 seconds, and a traceback printed if it raises. Python threads get SystemExit at their next
 * safepoints, sleeping and waiting ones too, and are waited for at most 5 seconds (PYR_E_TIMEOUT: one is stuck in a native;
 * the VM stays open, for nothing but to be closed later). Then the finalizers of all objects run, for at most a second. Tasks
 * that wait in pyr_enter or pyr_call_posted get PYR_E_VM; posts that were not served are forgotten. */
int pyr_close(pyr_vm *vm);

/* ---- Tasks: a VM runs one task at a time -------------------------------------------------------------------------------- */

#define PYR_FOREVER_MS UINT32_MAX

/* The caller's storage for one stay in the VM, usually on its stack. Opaque. */
typedef struct pyr_entry {
    void *opaque[8];
} pyr_entry;

/* Takes the VM's lock, waiting at most `timeout_ms`, and gives the task a value stack. Nests: a task that is inside may
 * enter again with another `entry`. `entry` belongs to the VM until pyr_leave. PYR_E_TIMEOUT, PYR_E_MEMORY when
 * max_tasks are inside, PYR_E_INTERRUPT; PYR_E_NESTING between pyr_unlock and pyr_lock, or with an `entry` that is in use. */
int pyr_enter(pyr_vm *vm, pyr_entry *entry, uint32_t timeout_ms);

/* Gives back the task's references of this stay and, with the outermost one, the lock. */
int pyr_leave(pyr_vm *vm, pyr_entry *entry);

/* Lets other tasks in while this one waits for something outside Python; its references stay good. Does not nest
 * (PYR_E_NESTING). Between the two the task may call nothing but pyr_lock and what is marked [any]. */
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

/* ---- Devices ------------------------------------------------------------------------------------------------------------ */

/* Gives the VM its devices: what is in the module `machine` from now on (pyrite_machine.h). The tables must stay until
 * pyr_close; NULL takes them away. PYR_E_ABI: a table was compiled with another header, lacks a function, or is of a class
 * that this library was built without. PYR_E_NESTING: a device is open. */
int pyr_set_machine(pyr_vm *vm, const struct pyr_machine *machine);

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

/* [python] Sets sys.argv to `n` words, each UTF-8 and NUL-terminated. */
int pyr_set_argv(pyr_vm *vm, size_t n, const char *const *words);

/* [python] The module `name`, imported if need be. */
int pyr_import(pyr_vm *vm, const char *name, size_t len, pyr_ref *out);

/* [python] Runs a module found on sys.path (source, .mpy or frozen; a package's __main__) as __main__, as -m does. `name` is
 * NUL-terminated. */
int pyr_run_module(pyr_vm *vm, const char *name);

/* [python] The value of an expression in the globals of __main__. `name` (NUL-terminated) appears in tracebacks. */
int pyr_eval(pyr_vm *vm, const char *source, size_t len, const char *name, pyr_ref *out);

/* The global `name` of the module `module` ("__main__" is the program). Both NUL-terminated. PYR_E_MISSING. */
int pyr_lookup(pyr_vm *vm, const char *module, const char *name, pyr_ref *out);

/* ---- Objects ---------------------------------------------------------------------------------------------------------------- */

/* [python] Attributes. `name` is NUL-terminated. pyr_hasattr gives 1 or 0. */
int pyr_getattr(pyr_vm *vm, pyr_ref object, const char *name, pyr_ref *out);
int pyr_setattr(pyr_vm *vm, pyr_ref object, const char *name, pyr_ref value);
int pyr_delattr(pyr_vm *vm, pyr_ref object, const char *name);
int pyr_hasattr(pyr_vm *vm, pyr_ref object, const char *name);

/* One keyword argument; `name` is NUL-terminated. */
struct pyr_keyword {
    const char *name;
    pyr_ref value;
};

/* [python] Calls with `n` arguments and `n_keywords` keyword arguments (NULL when there are none). `out` may be NULL. */
int pyr_call(pyr_vm *vm, pyr_ref function, const pyr_ref *args, size_t n, const struct pyr_keyword *keywords,
             size_t n_keywords, pyr_ref *out);
int pyr_call_method(pyr_vm *vm, pyr_ref object, const char *name, const pyr_ref *args, size_t n,
                    const struct pyr_keyword *keywords, size_t n_keywords, pyr_ref *out);

/* [python] object[key], object[key] = value, del object[key], item in object (1 or 0), len(object). pyr_len returns the
 * length. */
int pyr_getitem(pyr_vm *vm, pyr_ref object, pyr_ref key, pyr_ref *out);
int pyr_setitem(pyr_vm *vm, pyr_ref object, pyr_ref key, pyr_ref value);
int pyr_delitem(pyr_vm *vm, pyr_ref object, pyr_ref key);
int pyr_contains(pyr_vm *vm, pyr_ref object, pyr_ref item);
int pyr_len(pyr_vm *vm, pyr_ref object);

/* Item `index` of a tuple or list, counted from 0, without running Python. PYR_E_TYPE, PYR_E_RANGE. */
int pyr_item(pyr_vm *vm, pyr_ref object, size_t index, pyr_ref *out);

/* Walks the entries of a dict: 1 with the next one, 0 at the end. `*cursor` is 0 at first; keys may not be added or deleted
 * meanwhile (entries are then left out or come twice). PYR_E_TYPE. */
int pyr_dict_next(pyr_vm *vm, pyr_ref dict, uint32_t *cursor, pyr_ref *key, pyr_ref *value);

/* [python] Comparison as Python does it, 1 or 0. PYR_E_RANGE for another `op`. */
enum { PYR_LT, PYR_LE, PYR_EQ, PYR_NE, PYR_GT, PYR_GE };
int pyr_compare(pyr_vm *vm, pyr_ref a, pyr_ref b, int op);

/* 1 where both are the same object. */
int pyr_is(pyr_vm *vm, pyr_ref a, pyr_ref b);

/* [python] Iteration: pyr_iter gives an iterator, pyr_next 1 with the next item or 0 at the end. */
int pyr_iter(pyr_vm *vm, pyr_ref object, pyr_ref *out);
int pyr_next(pyr_vm *vm, pyr_ref iterator, pyr_ref *out);

/* ---- Types ------------------------------------------------------------------------------------------------------------------ */

/* What an object is, subclasses included. PYR_IS_OTHER for all else. */
enum pyr_type_kind {
    PYR_IS_OTHER,
    PYR_IS_NONE,
    PYR_IS_BOOL,
    PYR_IS_INT,
    PYR_IS_FLOAT,
    PYR_IS_STR,
    PYR_IS_BYTES,
    PYR_IS_BYTEARRAY,
    PYR_IS_TUPLE,
    PYR_IS_LIST,
    PYR_IS_DICT,
    PYR_IS_SET,    /* or frozenset */
    PYR_IS_BUFFER, /* memoryview or array */
};

/* An enum pyr_type_kind. */
int pyr_kind(pyr_vm *vm, pyr_ref object);

/* type(object). */
int pyr_type(pyr_vm *vm, pyr_ref object, pyr_ref *out);

/* isinstance(object, type), 1 or 0; `type` is a type or a tuple of types, else PYR_E_TYPE. */
int pyr_isinstance(pyr_vm *vm, pyr_ref object, pyr_ref type);

/* ---- C to Python: new objects ----------------------------------------------------------------------------------------------- */

/* [python] All: an allocation may collect, and while a long text is copied others may come in: it must stay as it is.
 * PYR_E_EXCEPTION is MemoryError. */

int pyr_new_none(pyr_vm *vm, pyr_ref *out);
int pyr_new_bool(pyr_vm *vm, int value, pyr_ref *out);
int pyr_new_int(pyr_vm *vm, int64_t value, pyr_ref *out);
int pyr_new_uint(pyr_vm *vm, uint64_t value, pyr_ref *out);
/* Missing in a build without floats, as pyr_get_float. */
int pyr_new_float(pyr_vm *vm, double value, pyr_ref *out);

/* PYR_E_RANGE where the text is not UTF-8. */
int pyr_new_str(pyr_vm *vm, const char *text, size_t len, pyr_ref *out);
int pyr_new_bytes(pyr_vm *vm, const void *bytes, size_t len, pyr_ref *out);

/* `bytes` may be NULL: zeros. */
int pyr_new_bytearray(pyr_vm *vm, const void *bytes, size_t len, pyr_ref *out);

/* Containers of `n` references; `items` may be NULL for none. pyr_new_set needs items that can be hashed. */
int pyr_new_tuple(pyr_vm *vm, const pyr_ref *items, size_t n, pyr_ref *out);
int pyr_new_list(pyr_vm *vm, const pyr_ref *items, size_t n, pyr_ref *out);
int pyr_new_set(pyr_vm *vm, const pyr_ref *items, size_t n, pyr_ref *out);
int pyr_new_dict(pyr_vm *vm, pyr_ref *out);

/* An int of any size from its bytes, lowest first unless PYR_BIG_ENDIAN, two's complement with PYR_SIGNED. PYR_E_RANGE for
 * other flags. */
#define PYR_SIGNED 1u
#define PYR_BIG_ENDIAN 2u
int pyr_new_int_bytes(pyr_vm *vm, const void *bytes, size_t len, uint32_t flags, pyr_ref *out);

/* ---- Python to C: reading objects --------------------------------------------------------------------------------------------- */

/* 1 or 0. */
int pyr_is_none(pyr_vm *vm, pyr_ref object);

/* [python] The truth of any object, 1 or 0. */
int pyr_truth(pyr_vm *vm, pyr_ref object);

/* An int (or bool) that fits, else PYR_E_TYPE or PYR_E_RANGE. */
int pyr_get_int8(pyr_vm *vm, pyr_ref object, int8_t *out);
int pyr_get_int16(pyr_vm *vm, pyr_ref object, int16_t *out);
int pyr_get_int32(pyr_vm *vm, pyr_ref object, int32_t *out);
int pyr_get_int64(pyr_vm *vm, pyr_ref object, int64_t *out);
int pyr_get_uint8(pyr_vm *vm, pyr_ref object, uint8_t *out);
int pyr_get_uint16(pyr_vm *vm, pyr_ref object, uint16_t *out);
int pyr_get_uint32(pyr_vm *vm, pyr_ref object, uint32_t *out);
int pyr_get_uint64(pyr_vm *vm, pyr_ref object, uint64_t *out);

/* An int of any size as exactly `len` bytes, with the flags of pyr_new_int_bytes; PYR_E_RANGE where it does not fit. */
int pyr_get_int_bytes(pyr_vm *vm, pyr_ref object, void *bytes, size_t len, uint32_t flags);

/* A float or an int, else PYR_E_TYPE. */
int pyr_get_float(pyr_vm *vm, pyr_ref object, double *out);

/* Copies the text of a str, or the bytes of bytes or bytearray, as far as `size` goes; a text is cut between characters
 * and ended by a NUL if size > 0. `*len` (may be NULL) is the whole length without the NUL. What is longer than 8 KB is
 * copied in pieces, between which tasks come in that wait for the VM. */
int pyr_get_str(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);
int pyr_get_bytes(pyr_vm *vm, pyr_ref object, void *buf, size_t size, size_t *len);

/* The name of the object's type, as pyr_get_str. */
int pyr_type_name(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);

/* [python] str(object) and repr(object) as text, as pyr_get_str. */
int pyr_str(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);
int pyr_repr(pyr_vm *vm, pyr_ref object, char *buf, size_t size, size_t *len);

/* ---- Buffers: bytes without copying ---------------------------------------------------------------------------------------------- */

/* In a library without the feature `natives` (part of level `basic`) this section and the next one are missing. */

/* The bytes of an object that C holds: bytes, bytearray, memoryview, array, or another object of the buffer protocol. */
struct pyr_buffer {
    void *data;  /* the first byte; do not write where `writable` is 0 */
    size_t len;  /* bytes */
    pyr_ref owner; /* opaque: what pyr_release_buffer ends */
    uint8_t item_size; /* bytes */
    char format;       /* the item code of module array: 'B', 'h', 'i', 'f', ... */
    uint8_t writable;
};

/* Lends the object's bytes to C until pyr_release_buffer, which may come after pyr_leave: meanwhile the object lives, stays
 * where it is and keeps its size (Python gets BufferError where it would change it), so that DMA may work on it without
 * the VM's lock.
 * Takes one of the VM's references. PYR_E_TYPE for an object without bytes, or one that is read-only with PYR_WRITABLE. */
#define PYR_WRITABLE 1u
int pyr_get_buffer(pyr_vm *vm, pyr_ref object, uint32_t flags, struct pyr_buffer *out);

/* Gives them back, from any task that is inside. PYR_E_REF the second time. */
int pyr_release_buffer(pyr_vm *vm, struct pyr_buffer *buffer);

/* ---- Natives: C functions, classes and modules for Python ------------------------------------------------------------------------- */

/* They are declared as constant tables, which stay in flash and must stay there until pyr_close:
 *
 *   static int add(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
 *       result->i32 = args[0].i32 + args[1].i32;
 *       return PYR_OK;
 *   }
 *   static const struct pyr_param two[] = {PYR_PARAM("a", PYR_INT), PYR_PARAM_OR("b", PYR_INT, 1)};
 *   static const struct pyr_native functions[] = {PYR_FUNCTION("add", add, two, PYR_INT)};
 *   static const struct pyr_module sums = PYR_MODULE("sums", functions);
 *   static const struct pyr_module *const modules[] = {&sums};
 *   ...
 *   pyr_set_modules(vm, modules, 1);
 *
 * Then `import sums` works, and sums.add(2), sums.add(2, b=3), sums.add(a=1, b=2). A call with other arguments raises
 * TypeError, or OverflowError for an int that does not fit, before C is called. */

/* What an argument or a result is, and the member of pyr_arg that holds it. */
enum pyr_arg_kind {
    PYR_NOTHING, /* a result: None */
    PYR_BOOL,    /* i32: 0 or 1, the truth of any object */
    PYR_INT,     /* i32 */
    PYR_UINT,    /* u32 */
    PYR_INT64,   /* i64 */
    PYR_UINT64,  /* u64 */
    PYR_FLOAT,   /* real; takes ints too. Refused by a library without floats */
    PYR_STR,     /* bytes: UTF-8. A result is copied; it must stay as it is until the task's next call, for others may run
                    meanwhile */
    PYR_BYTES,   /* bytes: any object with the buffer protocol. A result is copied as above */
    PYR_BUFFER,  /* bytes: one that is writable. No result */
    PYR_OBJECT,  /* object: any. It ends when the function returns, as all references do that the function makes and does
                    not pyr_keep; as a result {0} means None */
    PYR_SELF,    /* object: the method's own object; first parameter of a method only, no argument stands for it */
    PYR_REST,    /* object: a tuple of all further positional arguments; last parameter only */
};

typedef union pyr_arg {
    int32_t i32;
    uint32_t u32;
    int64_t i64;
    uint64_t u64;
    double real;
    struct {
        void *data; /* as long as the function runs, the object keeps its place and size */
        size_t len; /* bytes */
    } bytes;
    pyr_ref object;
} pyr_arg;

/* Flags of a parameter. One that may be left out is then its `number`, or NULL, or no reference. */
#define PYR_OPTIONAL 1u
#define PYR_KEYWORD 2u /* by name only */
#define PYR_OR_NONE 4u /* None is as if it were left out */

struct pyr_param {
    const char *name; /* NUL-terminated; NULL: by position only */
    int32_t number;   /* of a number that may be left out */
    uint8_t kind;     /* enum pyr_arg_kind */
    uint8_t flags;
};

#define PYR_PARAM(name, kind) {name, 0, kind, 0}
#define PYR_PARAM_OR(name, kind, number) {name, number, kind, PYR_OPTIONAL}
#define PYR_PARAM_KEYWORD(name, kind, number) {name, number, kind, PYR_OPTIONAL | PYR_KEYWORD}
#define PYR_PARAM_OR_NONE(name, kind) {name, 0, kind, PYR_OPTIONAL | PYR_OR_NONE}

/* A C function. It is called with the VM's lock held, on the stack of the task that runs Python, which has entered the VM as
 * if by pyr_enter: it may call everything here. Around a wait it calls pyr_unlock and pyr_lock.
 *   self     of a function, the `user` of its module or of pyr_new_function; of a method, the object's data
 *   args     as many as the parameters
 *   result   zeros at first
 * Returns 0 or more; or a status that becomes an exception: what pyr_raise and its like returned, or PYR_E_EXCEPTION of a
 * call that it made, raise that exception; PYR_E_TYPE is TypeError, PYR_E_RANGE and PYR_E_FORMAT ValueError, PYR_E_MISSING
 * LookupError, PYR_E_MEMORY MemoryError, PYR_E_TIMEOUT TimeoutError, all others RuntimeError. A function that returns with
 * frames open or the lock given away is put right, and raises RuntimeError. */
typedef int (*pyr_native_call)(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result);

/* What an entry of a class's members is. */
enum pyr_bind {
    PYR_BIND_FUNCTION, /* a function; in a class, one that gets no object (a static method), with self NULL */
    PYR_BIND_METHOD,
    PYR_BIND_GETTER, /* of the attribute `name`: no parameters */
    PYR_BIND_SETTER, /* of the attribute `name`: one parameter */
};

struct pyr_native {
    const char *name; /* NUL-terminated */
    pyr_native_call call;
    const struct pyr_param *params;
    uint8_t n_params; /* at most 12 */
    uint8_t result;   /* enum pyr_arg_kind */
    uint8_t bind;     /* enum pyr_bind */
};

#define PYR_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PYR_FUNCTION(name, call, params, result) {name, call, params, PYR_COUNT(params), result, PYR_BIND_FUNCTION}
#define PYR_FUNCTION_0(name, call, result) {name, call, NULL, 0, result, PYR_BIND_FUNCTION}
#define PYR_METHOD(name, call, params, result) {name, call, params, PYR_COUNT(params), result, PYR_BIND_METHOD}
#define PYR_METHOD_0(name, call, result) {name, call, NULL, 0, result, PYR_BIND_METHOD}
#define PYR_GETTER(name, call, result) {name, call, NULL, 0, result, PYR_BIND_GETTER}
#define PYR_SETTER(name, call, params) {name, call, params, PYR_COUNT(params), PYR_NOTHING, PYR_BIND_SETTER}

/* A constant of a module or class: an int, or a str where `text` (NUL-terminated) is not NULL. */
struct pyr_constant {
    const char *name; /* NUL-terminated */
    const char *text;
    int32_t number;
};

#define PYR_CONSTANT(name, number) {name, NULL, number}
#define PYR_CONSTANT_STR(name, text) {name, text, 0}

/* A class whose objects have `data_size` bytes for C, eight bytes aligned, zeros at first. A method `__init__` takes the
 * arguments of the call that makes an object; `__del__` is the finalizer: it runs at a safepoint after the object has become
 * garbage, or in pyr_close, once; afterwards methods raise ValueError. Other special methods (`__len__`,
 * `__getitem__`, `__enter__`, ...) work as in Python. Python classes may descend from it. */
struct pyr_class {
    uint32_t abi_size;  /* sizeof(struct pyr_class) */
    uint32_t data_size; /* bytes, at most 1 MiB */
    const char *name;   /* NUL-terminated */
    const struct pyr_native *members;
    const struct pyr_constant *constants;
    uint16_t n_members, n_constants;
};

#define PYR_CLASS(name, type, members)                                                                                 \
    {sizeof(struct pyr_class), sizeof(type), name, members, NULL, PYR_COUNT(members), 0}

/* A module. */
struct pyr_module {
    uint32_t abi_size; /* sizeof(struct pyr_module) */
    uint16_t n_functions, n_constants;
    const char *name; /* NUL-terminated */
    const struct pyr_native *functions;
    const struct pyr_constant *constants;
    const struct pyr_class *const *classes;
    uint32_t n_classes;
    /* [optional] Called as a native function is when the module is imported, to add what tables cannot say. */
    int (*init)(pyr_vm *vm, void *user, pyr_ref module);
    void *user; /* the functions' `self` */
};

#define PYR_MODULE(name, functions)                                                                                    \
    {sizeof(struct pyr_module), PYR_COUNT(functions), 0, name, functions, NULL, NULL, 0, NULL, NULL}
#define PYR_MODULE_ALL(name, functions, constants, classes, init, user)                                                \
    {sizeof(struct pyr_module), PYR_COUNT(functions), PYR_COUNT(constants), name, functions, constants, classes,       \
     PYR_COUNT(classes), init, user}

/* Sets the firmware's modules; `import` finds them before files, after built-in modules. The tables are checked: PYR_E_ABI,
 * PYR_E_NULL, PYR_E_RANGE for an unknown kind, flag or order of parameters. A second call takes the place of the first for
 * later imports. */
int pyr_set_modules(pyr_vm *vm, const struct pyr_module *const *modules, size_t n);

/* [python] A function object of its own, such as a callback: `native` must stay until pyr_close, `user` comes as `self`. */
int pyr_new_function(pyr_vm *vm, const struct pyr_native *native, void *user, pyr_ref *out);

/* [python] The C data of an object of class `type` or of a Python class that descends from it, good as long as the object
 * lives. PYR_E_TYPE; PYR_E_EXCEPTION is ValueError for a finalized object. */
int pyr_data(pyr_vm *vm, pyr_ref object, const struct pyr_class *type, void **out);

/* [python] What a native function returns to raise: PYR_E_EXCEPTION, with an exception waiting. `type` names a built-in
 * exception ("ValueError"), `message` (may be NULL) its argument; both NUL-terminated. Another name is PYR_E_MISSING,
 * something that is no exception PYR_E_TYPE. */
int pyr_raise(pyr_vm *vm, const char *type, const char *message);

/* [python] As pyr_raise: OSError with this errno. */
int pyr_raise_errno(pyr_vm *vm, int number);

/* [python] As pyr_raise: an exception object, or a class of exceptions to make one of. PYR_E_TYPE. */
int pyr_raise_object(pyr_vm *vm, pyr_ref exception);

/* ---- Exceptions are values ------------------------------------------------------------------------------------------------------ */

/* The exception of this task's last [python] call, which the VM forgets. PYR_E_MISSING if there was none. */
int pyr_exception(pyr_vm *vm, pyr_ref *out);

/* What it is, as text: its type's name, str() of it, and its traceback as Python prints it, lines with '\n'. As
 * pyr_get_str. */
int pyr_exc_type(pyr_vm *vm, pyr_ref exception, char *buf, size_t size, size_t *len);
int pyr_exc_message(pyr_vm *vm, pyr_ref exception, char *buf, size_t size, size_t *len);
int pyr_exc_traceback(pyr_vm *vm, pyr_ref exception, char *buf, size_t size, size_t *len);

/* Its arguments, a tuple. PYR_E_TYPE for what is no exception, as all that follow. */
int pyr_exc_args(pyr_vm *vm, pyr_ref exception, pyr_ref *out);

/* 1 where it is of the built-in exception `type` (NUL-terminated, "OSError") or of one that descends from it, else 0.
 * PYR_E_MISSING for an unknown name. */
int pyr_exc_is(pyr_vm *vm, pyr_ref exception, const char *type);

/* The line where it was raised, or 0; `file` as pyr_get_str (may be NULL with size 0). */
int pyr_exc_line(pyr_vm *vm, pyr_ref exception, char *file, size_t size, uint32_t *line);

/* [python] Prints it on the port's console as the REPL does. */
int pyr_exc_print(pyr_vm *vm, pyr_ref exception);

/* 1 if it is SystemExit, with the status that a program would end with in `*status`; else 0. */
int pyr_exc_exit(pyr_vm *vm, pyr_ref exception, int *status);

/* ---- From other tasks and from interrupts ---------------------------------------------------------------------------------------
 *
 * What is posted is served in order, at the next safepoint of the task that has the VM, or by a task that sleeps or waits
 * inside (time.sleep, a lock, console input, pyr_serve), which wakes up for it; while no task is inside it waits for the
 * next one. A call that is served is not interrupted by the next one. What it raises is printed on the console, except
 * KeyboardInterrupt and SystemExit, which the program gets. */

/* [any] Has `handler(value)` called in the VM. `handler` is a kept reference (pyr_keep) to a callable; once it is dropped,
 * calls that wait are forgotten. PYR_E_MEMORY when config.events of them wait already: counted, see pyr_posts_lost.
 * PYR_E_REF for a reference of another VM. */
int pyr_post(pyr_vm *vm, pyr_ref handler, int32_t value);

/* [any] The same with a C function: it runs in the task that has the VM then, which is inside, in a frame of references of
 * its own. What it returns is not looked at. One that returns with frames open or the lock given away is put right. */
int pyr_post_job(pyr_vm *vm, int (*job)(pyr_vm *vm, void *arg), void *arg);

/* [any] How many posts found no room since pyr_open, those of micropython.schedule included. */
int pyr_posts_lost(pyr_vm *vm);

/* Has `job(vm, arg)` called as pyr_post_job does and waits for it, at most `timeout_ms`; returns what it returned. A task
 * that has not entered calls it, and needs no value stack for it. PYR_E_TIMEOUT: it has not begun and will not; one that
 * has begun is waited for to its end. PYR_E_NESTING for a task that is inside, and where the job left frames open or the
 * lock given away; PYR_E_INTERRUPT, PYR_E_MEMORY as pyr_post. */
int pyr_call_posted(pyr_vm *vm, int (*job)(pyr_vm *vm, void *arg), void *arg, uint32_t timeout_ms);

/* [python] Serves posts for `timeout_ms` (PYR_FOREVER_MS: until an exception ends it), sleeping in between: what the VM's
 * own task does when it has no program to run. */
int pyr_serve(pyr_vm *vm, uint32_t timeout_ms);

/* [any] The running program gets KeyboardInterrupt at its next safepoint, sleeps and waits included. It is raised in the
 * task that entered first, not in Python threads unless nothing else is inside. 1; or 0 when the program switched that
 * off (micropython.kbd_intr(-1)): then a typed ctrl-C is an ordinary character. */
int pyr_interrupt(pyr_vm *vm);

/* [any] The same with a chosen exception: a kept reference to an exception object or class. Comes in its turn among the
 * posts, and cannot be switched off. PYR_E_MEMORY, PYR_E_REF as pyr_post. */
int pyr_interrupt_with(pyr_vm *vm, pyr_ref exception);

/* [any] Ends everything that runs in the VM: SystemExit at each safepoint from now on, in all tasks and threads; `except`
 * and `finally` soon count no more. The VM can only be closed afterwards. Other VMs notice nothing. */
int pyr_kill(pyr_vm *vm);

/* ---- Queues: messages between VMs, tasks of C and interrupts ------------------------------------------------------------------------ */

/* A queue holds a bounded number of messages. A message is a value of plain data, copied when it is sent: None, bool, int,
 * float, str, bytes, bytearray, and tuples, lists and dicts of these, nested at most 16 deep. C makes a queue and hands it to
 * programs as an object with the methods put, get (with block and timeout, in seconds), put_nowait, get_nowait, qsize, full and
 * empty; `for message in queue` works, and select.poll knows it. In Python a call that would have to wait raises OSError
 * (EAGAIN) from the _nowait methods, and TimeoutError when its time is up. Several VMs may have the same queue: nothing of
 * theirs is in it, so a VM that is closed, killed or out of memory leaves it as it is.
 * The functions here need no VM; those marked [any] are legal from every task and interrupt. In a library without the
 * feature `natives` this section is missing. */
typedef struct pyr_queue pyr_queue;

/* Zero in a field means its default. */
struct pyr_queue_config {
    uint32_t abi_size; /* sizeof(struct pyr_queue_config) */
    uint32_t bytes;    /* of all messages that wait; default: what is left of the memory. A small number takes 2 to 6, a
                          text its length and 2 or 3, a tuple 2 and its items */
    uint16_t messages; /* that wait at the same time; default 8 */
    uint16_t waiters;  /* tasks of C that wait in pyr_queue_send and pyr_queue_receive at the same time; default 2 */
};

/* Makes a queue in `memory`, which belongs to it until pyr_queue_end. `port` must stay as long; `config` may be NULL and is
 * not kept. Called from a task. PYR_E_ABI, PYR_E_MEMORY. */
int pyr_queue_create(void *memory, size_t len, const struct pyr_port *port, const struct pyr_queue_config *config,
                     pyr_queue **out);

/* Ends the queue; messages in it are forgotten. Its memory is the caller's again once each VM that was given it is closed:
 * until then their objects find here that it has ended, and raise ValueError. From a task; PYR_E_NESTING while somebody
 * waits or is about to read or write. From an ended queue every function gives PYR_E_VM. */
int pyr_queue_end(pyr_queue *queue);

/* [python] The queue as an object for programs of this VM: to be set as an attribute, or handed to a function. */
int pyr_queue_object(pyr_vm *vm, pyr_queue *queue, pyr_ref *out);

/* A value in a message. Containers come before what is in them: a tuple or list as an item with their number, then they; a
 * dict as an item with the number of pairs, then key, value, key, value. */
struct pyr_item {
    uint8_t kind; /* enum pyr_type_kind, PYR_IS_NONE to PYR_IS_DICT */
    uint32_t len; /* of a str, bytes or bytearray: bytes; of a tuple or list: items; of a dict: pairs; of an int that does not
                     fit 64 bits: bytes in two's complement, the lowest first; else 0 */
    union {
        int64_t number;   /* a bool or int */
        double real;      /* a float */
        const void *data; /* whatever has bytes */
    } of;
};

static inline struct pyr_item pyr_item_of(uint8_t kind, uint32_t len) {
    struct pyr_item item;
    item.kind = kind;
    item.len = len;
    item.of.number = 0;
    return item;
}
static inline struct pyr_item pyr_item_int(int64_t number) {
    struct pyr_item item = pyr_item_of(PYR_IS_INT, 0);
    item.of.number = number;
    return item;
}
static inline struct pyr_item pyr_item_float(double real) {
    struct pyr_item item = pyr_item_of(PYR_IS_FLOAT, 0);
    item.of.real = real;
    return item;
}
/* `kind` is PYR_IS_STR, PYR_IS_BYTES or PYR_IS_BYTEARRAY. */
static inline struct pyr_item pyr_item_data(uint8_t kind, const void *data, uint32_t len) {
    struct pyr_item item = pyr_item_of(kind, len);
    item.of.data = data;
    return item;
}

/* [any] Sends one message of `n` items, waiting at most `timeout_ms` for room; an interrupt gives 0. A task that is inside a VM
 * calls it with 0, or between pyr_unlock and pyr_lock. PYR_E_TIMEOUT: no room, counted in pyr_queue_state; PYR_E_RANGE: items
 * too few, too many or nested too deep, a text that is not UTF-8, or more bytes than the queue ever has; PYR_E_TYPE: a kind
 * that no message has; PYR_E_MEMORY: config.waiters wait already; PYR_E_INTERRUPT. */
int pyr_queue_send(pyr_queue *queue, const struct pyr_item *items, size_t n, uint32_t timeout_ms);

/* [any] Takes the oldest message, waiting at most `timeout_ms` as pyr_queue_send does: how many items it has. Bytes are copied
 * to `buf`, where the items' `data` points; texts get a NUL at their end. PYR_E_RANGE: more than `max` items or `size` bytes;
 * the message stays the first. PYR_E_TIMEOUT: there is none. */
int pyr_queue_receive(pyr_queue *queue, struct pyr_item *items, size_t max, void *buf, size_t size, uint32_t timeout_ms);

/* [any] Forgets the oldest message: 1, or 0 where there is none. */
int pyr_queue_drop(pyr_queue *queue);

struct pyr_queue_info {
    uint32_t abi_size;                /* set by the caller: sizeof(struct pyr_queue_info) */
    uint32_t messages, bytes;         /* that wait now */
    uint32_t max_messages, max_bytes; /* that may */
    uint32_t refused;                 /* that found no room in time, those of programs included */
};

/* [any] */
int pyr_queue_state(pyr_queue *queue, struct pyr_queue_info *out);

/* ---- Limits and memory ---------------------------------------------------------------------------------------------------------- */

/* For each [python] call of this stay from now on: at most `ticks` safepoints of the VM (a turn of a loop or a call each;
 * 0: no limit) and `ms` milliseconds (0: no limit). A call that needs more ends with TimeoutError. */
int pyr_set_limits(pyr_vm *vm, uint32_t ticks, uint32_t ms);

struct pyr_memory {
    uint32_t abi_size;   /* set by the caller: sizeof(struct pyr_memory) */
    uint32_t heap;       /* bytes of Python heap, with its own tables: lists of free memory, the collector's stack */
    uint32_t used, free; /* now; those tables and garbage that is not yet collected count as used */
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
