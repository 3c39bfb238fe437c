/* waits.c: while a task waits in a function of its port, other Python threads go on. The functions of this port return only
 * when a thread has got on since they were called. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mkdtemp */
#endif
#include "check.h"
#include "pyrite_posix.h"

#include <stdlib.h>
#include <time.h>

#define ROOM (1024 * 1024) /* threads have stacks in it */
static uint64_t memory[ROOM / 8];
static pyr_entry stay;

/* All of these are written and read by several threads, with __atomic. */
static int steps;      /* how often the other thread has called `step` */
static int missed;     /* calls during which it did not */
static int stopped;    /* it is to end */
static int overlapped; /* calls for one handle at the same time */
static void *notified; /* the wake object that waits for the console */

static int load(int *what) { return __atomic_load_n(what, __ATOMIC_SEQ_CST); }
static void add(int *what, int n) { (void)__atomic_add_fetch(what, n, __ATOMIC_SEQ_CST); }
static void set(int *what, int n) { __atomic_store_n(what, n, __ATOMIC_SEQ_CST); }

static void pause_ms(int ms) {
    struct timespec t;
    t.tv_sec = 0;
    t.tv_nsec = ms * 1000000L;
    nanosleep(&t, NULL);
}

/* Until the other thread, once it runs, has got on. Who has waited in vain once does not try again. */
static void others_go_on(void) {
    int from = load(&steps);
    if (from == 0) return;
    for (int ms = 0; load(&steps) < from + 2; ms++) {
        if (load(&missed) > 0 || ms == 30000) {
            add(&missed, 1);
            return;
        }
        pause_ms(1);
    }
}

/* ---- What the threads call ------------------------------------------------------------------------------------------ */

static int step(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self, (void)args;
    add(&steps, 1);
    void *wake = __atomic_load_n(&notified, __ATOMIC_SEQ_CST);
    if (wake != NULL) pyr_posix_port()->wake(NULL, wake);
    result->i32 = !load(&stopped);
    return PYR_OK;
}
static int stop(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self, (void)args, (void)result;
    set(&stopped, 1);
    return PYR_OK;
}
static const struct pyr_native functions[] = {PYR_FUNCTION_0("step", step, PYR_BOOL),
                                              PYR_FUNCTION_0("stop", stop, PYR_NOTHING)};
static const struct pyr_module module = PYR_MODULE("others", functions);
static const struct pyr_module *const modules[] = {&module};

/* ---- Files that wait ------------------------------------------------------------------------------------------------- */

#define HANDLES 64
static int inside[HANDLES];
static int calls[13];
static const struct pyr_files *host;

static void begin(int what, int handle) {
    add(&calls[what], 1);
    if (handle >= 0 && handle < HANDLES && __atomic_fetch_add(&inside[handle], 1, __ATOMIC_SEQ_CST) != 0) add(&overlapped, 1);
    others_go_on();
}
static void end(int handle) {
    if (handle >= 0 && handle < HANDLES) add(&inside[handle], -1);
}

static int w_stat(void *user, const char *path, struct pyr_stat *out) {
    begin(0, -1);
    return host->stat(user, path, out);
}
static int w_open(void *user, const char *path, uint32_t flags) {
    begin(1, -1);
    return host->open(user, path, flags);
}
static int32_t w_read(void *user, int handle, void *buf, size_t len) {
    begin(2, handle);
    int32_t got = host->read(user, handle, buf, len);
    end(handle);
    return got;
}
static int32_t w_write(void *user, int handle, const void *buf, size_t len) {
    begin(3, handle);
    int32_t done = host->write(user, handle, buf, len);
    end(handle);
    return done;
}
static int64_t w_seek(void *user, int handle, int64_t offset, int origin) {
    begin(4, handle);
    int64_t at = host->seek(user, handle, offset, origin);
    end(handle);
    return at;
}
static int w_close(void *user, int handle) {
    begin(5, handle);
    end(handle);
    return host->close(user, handle);
}
static int w_list(void *user, const char *path) {
    begin(6, -1);
    return host->list(user, path);
}
static int w_list_next(void *user, int handle, char *name, size_t len, struct pyr_stat *out) {
    begin(7, -1);
    return host->list_next(user, handle, name, len, out);
}
static int w_remove(void *user, const char *path, uint32_t kind) {
    begin(8, -1);
    return host->remove(user, path, kind);
}
static int w_rename(void *user, const char *from, const char *to) {
    begin(9, -1);
    return host->rename(user, from, to);
}
static int w_make_folder(void *user, const char *path) {
    begin(10, -1);
    return host->make_folder(user, path);
}
static int w_folder(void *user, char *out, size_t len) {
    begin(11, -1);
    return host->folder(user, out, len);
}
static int w_space(void *user, const char *path, struct pyr_space *out) {
    begin(12, -1);
    return host->space(user, path, out);
}

static struct pyr_files files;
static struct pyr_port port;

/* A VM over the port with a Python thread that calls `step` all the time. */
static pyr_vm *opened(void) {
    pyr_vm *vm = NULL;
    struct pyr_config config;
    memset(&config, 0, sizeof config);
    config.abi_size = sizeof config;
    config.max_tasks = 4;
    set(&stopped, 0);
    set(&missed, 0);
    set(&steps, 0);
    OK(pyr_open(memory, sizeof memory, &port, &config, &vm));
    OK(pyr_enter(vm, &stay, PYR_FOREVER_MS));
    OK(pyr_set_modules(vm, modules, 1));
    RUNS(vm, "import _thread, others\n"
             "def run():\n    while others.step():\n        pass\n"
             "_thread.start_new_thread(run, ())\n");
    while (load(&steps) == 0) RUNS(vm, "import time\ntime.sleep_ms(1)\n");
    return vm;
}
static void closed(pyr_vm *vm) {
    RUNS(vm, "others.stop()\n");
    OK(pyr_leave(vm, &stay));
    OK(pyr_close(vm));
    IS(load(&missed), 0);
}

static void files_wait_alone(void) {
    char folder[] = "/tmp/pyrite-waits-XXXXXX", text[128];
    CHECK(mkdtemp(folder) != NULL);
    host = &pyr_posix_files;
    files = *host;
    files.stat = w_stat;
    files.open = w_open;
    files.read = w_read;
    files.write = w_write;
    files.seek = w_seek;
    files.close = w_close;
    files.list = w_list;
    files.list_next = w_list_next;
    files.remove = w_remove;
    files.rename = w_rename;
    files.make_folder = w_make_folder;
    files.folder = w_folder;
    files.space = w_space;
    port = *pyr_posix_port();
    port.files = &files;
    pyr_vm *vm = opened();
    snprintf(text, sizeof text, "folder = '%s'\n", folder);
    RUNS(vm, text);
    RUNS(vm, "import os, sys\n"
             "os.getcwd()\n"
             "os.chdir(folder)\n"
             "with open('found.py', 'w') as f:\n"
             "    f.write('number = 7\\n' * 200)\n"
             "    f.seek(0)\n"
             "    assert f.tell() == 0\n"
             "assert os.stat('found.py')[6] == 2200\n"
             "os.statvfs('.')\n"
             "os.mkdir('sub')\n"
             "os.rename('sub', 'other')\n"
             "assert sorted(os.listdir()) == ['found.py', 'other']\n"
             "with open('found.py') as f:\n"
             "    assert f.readline() == 'number = 7\\n' and len(f.read()) == 2189\n"
             "sys.path.append(folder)\n"
             "import found\n"
             "assert found.number == 7\n"
             "try:\n    open('nothing')\n    raise ValueError\nexcept OSError as e:\n    assert e.errno == 2\n");
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) CHECK(load(&calls[i]) > (i == 8 ? -1 : 0));
    /* A module that two threads import at once is run once. */
    RUNS(vm, "runs = []\n"
             "with open('once.py', 'w') as f:\n    f.write('import __main__\\n__main__.runs.append(1)\\n')\n"
             "def come():\n"
             "    import once\n"
             "    came.append(once)\n"
             "came = []\n"
             "_thread.start_new_thread(come, ())\n"
             "come()\n"
             "while len(came) < 2:\n    pass\n"
             "assert len(runs) == 1 and came[0] is came[1], (runs, came)\n"
             "os.remove('once.py')\n");
    /* Two threads write to one file: one after the other. */
    RUNS(vm, "done = []\n"
             "f = open('found.py', 'wb')\n"
             "def write():\n"
             "    for i in range(10):\n        f.write(b'x')\n"
             "    done.append(1)\n"
             "_thread.start_new_thread(write, ())\n"
             "write()\n"
             "while len(done) < 2:\n    pass\n"
             "assert f.seek(0, 2) == 20\n");
    /* One reads while the other closes. */
    RUNS(vm, "f.close()\n"
             "f = open('found.py', 'rb')\n"
             "_thread.start_new_thread(f.close, ())\n"
             "try:\n"
             "    while True:\n        f.seek(0)\n        assert f.read(2) == b'xx'\n"
             "except ValueError as e:\n    pass\n");
    IS(load(&overlapped), 0);
    /* A buffer keeps its size while it is filled. */
    RUNS(vm, "room = bytearray(8)\n"
             "refused = []\n"
             "def resize():\n"
             "    while not refused:\n"
             "        try:\n            room.extend(b'1')\n"
             "        except BufferError:\n            refused.append(1)\n"
             "with open('found.py', 'rb') as f:\n"
             "    _thread.start_new_thread(resize, ())\n"
             "    while not refused:\n"
             "        f.seek(0)\n"
             "        room[:] = bytes(8)\n"
             "        assert f.readinto(room) >= 8 and room[:8] == b'x' * 8\n");
    RUNS(vm, "os.remove('found.py')\nos.rmdir('other')\nos.chdir('/')\nos.rmdir(folder)\n");
    CHECK(load(&calls[8]) > 0);
    closed(vm);
}

/* ---- A console whose bytes come one by one, each after the other thread has got on ------------------------------------- */

static const char *input;
static int last_step, idle;
static char output[512];
static size_t written;

static int c_read(void *user, uint8_t *buf, size_t len) {
    (void)user, (void)len;
    int now = load(&steps);
    if (now < last_step + 2) {
        /* Who asks again and again does not let it. */
        if (++idle < 3000) return 0;
        add(&missed, 1);
        return -1;
    }
    if (*input == '\0') return -1;
    last_step = now;
    idle = 0;
    *buf = (uint8_t)*input++;
    return 1;
}
static int c_write(void *user, const uint8_t *buf, size_t len) {
    (void)user;
    for (size_t i = 0; i < len && written < sizeof output - 1; i++) output[written++] = buf[i] != 0 ? (char)buf[i] : '0';
    return (int)len;
}
static void c_notify(void *user, void *wake) {
    (void)user;
    __atomic_store_n(&notified, wake, __ATOMIC_SEQ_CST);
}

static void the_console_waits_alone(void) {
    port = *pyr_posix_port();
    port.console_read = c_read;
    port.console_write = c_write;
    port.console_notify = c_notify;
    pyr_vm *vm = opened();
    last_step = load(&steps);
    input = "one\ntwo\nx";
    RUNS(vm, "import sys, select\n"
             "assert input() == 'one'\n"
             "assert sys.stdin.readline() == 'two\\n'\n"
             "p = select.poll()\n"
             "p.register(sys.stdin, 1)\n"
             "assert p.poll() and sys.stdin.read(1) == 'x'\n");
    written = 0;
    memset(output, 0, sizeof output);
    input = "\x05" "A\x01print('pasted', 6 * 7)\n\x04print('sent', 6 * 7)\n\x04\x04";
    IS(pyr_repl(vm, PYR_REPL_RAW), PYR_REPL_END_RAW);
    CHECK(strstr(output, "R\x01\x80" "0\x01") != NULL);
    CHECK(strstr(output, "pasted 42") != NULL);
    CHECK(strstr(output, "sent 42") != NULL);
    /* What is cut off is not run, and what is wrong is told. */
    written = 0;
    memset(output, 0, sizeof output);
    input = "\x05" "A\x01print('cut')\n\x03\x05" "A\x01)\n\x04\x04";
    IS(pyr_repl(vm, PYR_REPL_RAW), PYR_REPL_END_RAW);
    CHECK(strstr(output, "KeyboardInterrupt") != NULL);
    CHECK(strstr(output, "SyntaxError") != NULL);
    CHECK(strstr(output, "cut\r") == NULL && strstr(output, "cut\n") == NULL);
    closed(vm);
}

void test_waits(pyr_vm *vm) {
    (void)vm;
    files_wait_alone();
    the_console_waits_alone();
}
