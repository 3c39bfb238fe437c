/* pyrite_port.h: what Pyrite asks of the RTOS and the board, as one table of functions.
 *
 * The firmware fills a `struct pyr_port` and hands it to pyr_open. rtos-shims/ holds ready ones for FreeRTOS and
 * POSIX, and rtos-shims/template/ a blank one to copy. The table and everything that it points to MUST stay in place
 * and unchanged until pyr_close.
 *
 * Words used below
 *   MUST        a port that breaks it breaks the VM; nothing checks it at run time.
 *   [task]      called from tasks only, never from an interrupt, never inside a critical section.
 *   [any]       called from tasks and interrupts, and inside critical sections.
 *   [optional]  may be NULL; the text says what Python loses.
 * Every function takes the table's own `user` first. Times are microseconds unless the name says otherwise. Memory
 * that is passed in belongs to the caller again when the function returns, unless the text says otherwise.
 */
#ifndef PYRITE_PORT_H
#define PYRITE_PORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A timeout that never ends. */
#define PYR_FOREVER UINT64_MAX

/* A thread's priority: that of the task that starts it. */
#define PYR_PRIORITY_SAME INT32_MIN

/* ---- Files: the optional table behind `import` and `open` -------------------------------------------------------- */

/* Paths end with a NUL and use '/'. A handle is an int from 0 up; files and listings share one number space.
 * Errors are negative errno values with the numbers of errno.h (-2 ENOENT, -5 EIO, -9 EBADF, -13 EACCES, -17 EEXIST,
 * -20 ENOTDIR, -21 EISDIR, -22 EINVAL, -24 EMFILE, -28 ENOSPC), whatever the C library's own numbers are.
 * All functions are [task] and may block. They are called without the VM's lock, by whichever task runs Python: several at
 * the same time, of one VM and of several. For each open file or listing there is one call at a time: a task that wants a file
 * which another uses, to close it too, waits. Builds with the feature `tiny` hold the lock meanwhile. */

enum pyr_file_kind { PYR_FILE_REGULAR = 1, PYR_FILE_FOLDER = 2, PYR_FILE_OTHER = 3 };

struct pyr_stat {
    uint64_t size;    /* bytes; 0 for a folder */
    int64_t mtime_s;  /* seconds since 1970-01-01 UTC; 0 when unknown */
    uint32_t kind;    /* enum pyr_file_kind */
    uint32_t reserved; /* 0 */
};

/* How much room there is where a path leads. */
struct pyr_space {
    uint64_t blocks, blocks_free; /* of block_size bytes */
    uint64_t files, files_free;   /* how many files and folders there can be; 0 when nothing limits them but space */
    uint32_t block_size;
    uint32_t name_max; /* bytes of the longest name */
};

/* Flags of `open`, or-ed together. READ or WRITE or both MUST be honoured; the others only come with WRITE. */
#define PYR_OPEN_READ 1u
#define PYR_OPEN_WRITE 2u
#define PYR_OPEN_APPEND 4u    /* every write goes to the end */
#define PYR_OPEN_CREATE 8u    /* make the file if it is absent */
#define PYR_OPEN_TRUNCATE 16u /* drop old contents */
#define PYR_OPEN_EXCLUSIVE 32u /* with CREATE: -EEXIST if it exists */

/* Origins of `seek`. */
#define PYR_SEEK_START 0
#define PYR_SEEK_CURRENT 1
#define PYR_SEEK_END 2

struct pyr_files {
    uint32_t abi_size; /* sizeof(struct pyr_files) */

    /* Describes `path` in `*out`. 0, or negative errno. */
    int (*stat)(void *user, const char *path, struct pyr_stat *out);

    /* Opens a file. A handle, or negative errno. MUST refuse a folder with -EISDIR. */
    int (*open)(void *user, const char *path, uint32_t flags);

    /* Reads up to `len` bytes. The count, 0 at the end of the file, or negative errno. May return fewer than asked. */
    int32_t (*read)(void *user, int handle, void *buf, size_t len);

    /* Writes up to `len` bytes. The count (at least 1 if len > 0), or negative errno. */
    int32_t (*write)(void *user, int handle, const void *buf, size_t len);

    /* Moves the position and returns it from the start of the file, or negative errno. */
    int64_t (*seek)(void *user, int handle, int64_t offset, int origin);

    /* Ends a file or a listing; the handle MUST be free afterwards even if an error is returned. */
    int (*close)(void *user, int handle);

    /* Starts a listing of the folder `path`. A handle, or negative errno. */
    int (*list)(void *user, const char *path);

    /* Puts the next entry's name, with a NUL, into `name` and describes it in `*out`. The name's length without the
     * NUL, 0 when there are no more, or negative errno. MUST leave out "." and "..". A name that does not fit in
     * `len` bytes is left out too. */
    int (*list_next)(void *user, int handle, char *name, size_t len, struct pyr_stat *out);

    /* The rest is optional: NULL where the files cannot do it. Each: 0, or negative errno. */

    /* Removes a file, or a folder that is empty. `kind` (enum pyr_file_kind) says which is meant. */
    int (*remove)(void *user, const char *path, uint32_t kind);

    /* Gives a file or folder another path; a file that has it goes away. */
    int (*rename)(void *user, const char *from, const char *to);

    /* Makes an empty folder. */
    int (*make_folder)(void *user, const char *path);

    /* Puts the folder that relative paths start from, with a NUL, into `out`. Without it that is "/". */
    int (*folder)(void *user, char *out, size_t len);

    /* Says in `*out` how much room there is where `path`, which exists, lies. */
    int (*space)(void *user, const char *path, struct pyr_space *out);

    void *user;
};

/* Both groups of functions of a `struct pyr_files` whose names begin alike: PYR_FILES(my) is my_stat, my_open, ... */
#define PYR_FILES(name)                                                                                                \
    .abi_size = sizeof(struct pyr_files), .stat = name##_stat, .open = name##_open, .read = name##_read,               \
    .write = name##_write, .seek = name##_seek, .close = name##_close, .list = name##_list,                            \
    .list_next = name##_list_next
#define PYR_FILES_OPTIONAL(name)                                                                                       \
    .remove = name##_remove, .rename = name##_rename, .make_folder = name##_make_folder, .folder = name##_folder,      \
    .space = name##_space

/* What the console behind console_write is. Flags. */
enum pyr_console {
    PYR_CONSOLE_CRLF = 1, /* a terminal without line discipline, such as a UART: text lines end in CR LF. Bytes that a
                             program writes to sys.stdout.buffer go as they are */
};

/* ---- The port ----------------------------------------------------------------------------------------------------- */

struct pyr_port {
    uint32_t abi_size; /* sizeof(struct pyr_port); pyr_open refuses another size */

    /* Storage that the caller of *_init and task_create provides, in bytes, with its alignment (a power of two). */
    uint16_t mutex_size, mutex_align;
    uint16_t wake_size, wake_align;
    uint16_t task_size, task_align;
    uint16_t stack_align; /* of a task's stack, and of its length; 0: the system has stacks of its own, and task_create's
                             `stack` is NULL */
    uint16_t console;     /* enum pyr_console, or 0 */
    uint32_t slice_us; /* how long a task waits for the VM before it asks the task inside to let it in. 0 where tasks
                          share one core, because the scheduler's time slices already divide the time of equals; some
                          milliseconds where tasks run at the same time */

    /* -- Time -- */

    /* [any] Microseconds since some start. MUST be monotonic across tasks and interrupts and MUST NOT wrap. */
    uint64_t (*clock_us)(void *user);

    /* [any] [optional] The fastest free-running counter of the board (CPU cycles if there are any). Wraps at 32 bits.
     * Without it time.ticks_cpu counts microseconds. */
    uint32_t (*cpu_ticks)(void *user);

    /* [task] [optional] Microseconds since 1970-01-01 UTC. May jump. Without it time.time counts from the start. */
    int64_t (*epoch_us)(void *user);

    /* -- Mutex: guards the VM. Not recursive, owned by the task that locked it, with priority inheritance where the
     *    RTOS has it -- */

    /* [task] Makes an unlocked mutex in `mutex` (mutex_size bytes). 0, or a negative number when it cannot. The storage
     * belongs to the port until mutex_end. */
    int (*mutex_init)(void *user, void *mutex);

    /* [task] Waits at most `timeout_us` (rounded up to what the RTOS can count; 0: only tries; PYR_FOREVER: no limit).
     * 1 when locked, 0 when the time ran out. */
    int (*mutex_lock)(void *user, void *mutex, uint64_t timeout_us);

    /* [task] Called by the owner. If another task of equal or higher priority waits, it MUST get the mutex before the
     * caller can lock it again. */
    void (*mutex_unlock)(void *user, void *mutex);

    /* [task] Ends an unlocked mutex for which nobody waits. */
    void (*mutex_end)(void *user, void *mutex);

    /* -- Wake object: one bit that one task waits for and anybody may set. Every wait of the VM sits on one -- */

    /* [task] Makes a wake object that is not set, in `wake` (wake_size bytes). Any one task will wait on it. 0, or a
     * negative number when it cannot. The storage belongs to the port until wake_end. */
    int (*wake_init)(void *user, void *wake);

    /* [any, but outside critical sections] Sets the bit and makes its waiter ready. Setting a set bit does nothing. MUST
     * NOT block. In an interrupt it MUST arrange the switch to the waiter itself. */
    void (*wake)(void *user, void *wake);

    /* [task] Waits until the bit is set, at most `timeout_us` (rounding as in mutex_lock), and clears it. 1 when it was
     * set, 0 when the time ran out. MUST NOT miss a wake that came before the call, nor
     * return 1 when nobody set it: whoever waits may give the memory back in which the object lies. */
    int (*wait)(void *user, void *wake, uint64_t timeout_us);

    /* [task] Ends a wake object on which nobody waits and that nobody will set again. */
    void (*wake_end)(void *user, void *wake);

    /* -- Tasks -- */

    /* [any] Which task calls. MUST differ between living tasks, MUST be 0 in an interrupt. */
    uintptr_t (*task_self)(void *user);

    /* [task] Lets another ready task of the same priority run. */
    void (*yield_now)(void *user);

    /* [any] Bytes between the stack pointer and the end of the current task's stack, less what the port needs there for
     * interrupts. Called at each nested call: MUST be cheap. */
    size_t (*stack_left)(void *user);

    /* [task] [optional] Starts `entry(arg)` as a task. `task` (task_size bytes) and `stack` belong to the port until
     * task_reap says 1. `name` stays in place as long. `priority` is the RTOS's own number, or PYR_PRIORITY_SAME for the
     * caller's. 0, or a negative number: nothing was started (-EINVAL: no such priority). `entry` calls task_end instead
     * of returning. Without this group `_thread.start_new_thread` raises OSError. */
    int (*task_create)(void *user, void *task, void *stack, size_t stack_len, void (*entry)(void *arg), void *arg,
                       const char *name, int32_t priority);

    /* [task] [optional] Ends the calling task, which task_create started with this `task`. MUST NOT return. */
    void (*task_end)(void *user, void *task);

    /* [task] [optional] 1 when the task has ended and `task` and `stack` are the caller's again; 0 while it still uses
     * them. MUST NOT be called again after 1. */
    int (*task_reap)(void *user, void *task);

    /* -- Console: stdin and stdout of Python -- */

    /* [task] Takes up to `len` bytes that have come in. The count, 0 when none wait now, -1 when none will ever come
     * (end of input). MUST NOT block. */
    int (*console_read)(void *user, uint8_t *buf, size_t len);

    /* [task] Sends 1 to `len` bytes and returns their count, or -1 when the console is gone. May block. */
    int (*console_write)(void *user, const uint8_t *buf, size_t len);

    /* [task] From now on sets `wake` (see above) whenever bytes come in or input ends; NULL ends that. The port keeps
     * the pointer until the next call. */
    void (*console_notify)(void *user, void *wake);

    /* -- Critical section: a few instructions that no interrupt and no other task may divide. Nests -- */

    /* [any] Enters; returns what critical_exit needs. */
    uintptr_t (*critical_enter)(void *user);

    /* [any] Leaves the section that returned `state`. */
    void (*critical_exit)(void *user, uintptr_t state);

    /* -- The rest -- */

    /* [task] [optional] Fills `buf` with random bytes and returns how many are really random (0 to len). Without it
     * random numbers start from the clock. */
    size_t (*entropy)(void *user, uint8_t *buf, size_t len);

    /* [task] [optional] Variables of the environment, behind `os.getenv` and its like. The value of `name`, or NULL when there is no such variable.
     * The text MUST stay until variable_set changes it. Without this function there are no variables. */
    const char *(*variable_get)(void *user, const char *name);

    /* [task] [optional] Gives a variable a value, or takes it away (`value` is NULL). 0, or negative errno. */
    int (*variable_set)(void *user, const char *name, const char *value);

    /* [task] [optional] Called while Python code runs: at each of its safepoints (a turn of a loop, a call), with how many
     * there were since the last time. It may let other tasks run, and it costs speed: for simulators whose time stands
     * still while code runs. Builds with the feature `tiny` do not call it. */
    void (*running)(void *user, uint32_t safepoints);

    /* [any] The VM found its own state broken and cannot go on. `reason` is one line without a line end. MUST NOT
     * return: stop, reset, or end the program. */
    void (*fatal)(void *user, const char *reason);

    const struct pyr_files *files; /* NULL: no files; `import` finds built-in and frozen modules only */

    void *user; /* passed to every function above; `files` has its own */
};

#ifdef __cplusplus
}
#endif

#endif
