/* semihosting.c: Arm's semihosting interface, which RISC-V shares.
 *
 * It knows no position of an open file, so a small table keeps it; a handle is an index into that table.
 */
#include "semihosting.h"

#include <string.h>

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_ERRNO = 0x13,
    SYS_GET_CMDLINE = 0x15,
    SYS_EXIT_EXTENDED = 0x20,
};

#define APPLICATION_EXIT 0x20026
#define OPEN_FILES 4

enum { ENOENT_ = 2, EIO_ = 5, EBADF_ = 9, EISDIR_ = 21, EINVAL_ = 22, EMFILE_ = 24, ENOSYS_ = 38 };

static struct {
    long host; /* 0: free. QEMU's handles start at 1 */
    uint32_t at;
    uint8_t appends;
} open_files[OPEN_FILES];

void semihosting_exit(int status) {
    uintptr_t block[2] = {APPLICATION_EXIT, (uintptr_t)status};
    for (;;) semihosting_call(SYS_EXIT_EXTENDED, block);
}

const char *semihosting_script(char *buf, size_t size) {
    uintptr_t block[2] = {(uintptr_t)buf, size};
    if (semihosting_call(SYS_GET_CMDLINE, block) != 0) return NULL;
    buf[size - 1] = 0;
    char *space = strchr(buf, ' ');
    return space != NULL && space[1] != 0 ? space + 1 : NULL;
}

static int last_error(void) {
    long number = semihosting_call(SYS_ERRNO, NULL);
    return number > 0 && number < 4096 ? -(int)number : -EIO_;
}

static long host_open(const char *path, long mode) {
    uintptr_t block[3] = {(uintptr_t)path, (uintptr_t)mode, strlen(path)};
    return semihosting_call(SYS_OPEN, block);
}

static long host_close(long host) {
    uintptr_t block[1] = {(uintptr_t)host};
    return semihosting_call(SYS_CLOSE, block);
}

static long host_length(long host) {
    uintptr_t block[1] = {(uintptr_t)host};
    return semihosting_call(SYS_FLEN, block);
}

/* What was not read. */
static long host_read(long host, void *buf, size_t len) {
    uintptr_t block[3] = {(uintptr_t)host, (uintptr_t)buf, len};
    return semihosting_call(SYS_READ, block);
}

static long host_seek(long host, uint32_t at) {
    uintptr_t block[2] = {(uintptr_t)host, at};
    return semihosting_call(SYS_SEEK, block);
}

/* The host opens a folder as if it were a file; only reading it fails. */
static int is_folder(long host) {
    char byte;
    long left = host_read(host, &byte, 1);
    return left != 0 && host_length(host) != 0;
}

static int files_stat(void *user, const char *path, struct pyr_stat *out) {
    (void)user;
    long host = host_open(path, 1);
    if (host < 0) return last_error();
    memset(out, 0, sizeof *out);
    out->kind = is_folder(host) ? PYR_FILE_FOLDER : PYR_FILE_REGULAR;
    long length = host_length(host);
    if (out->kind == PYR_FILE_REGULAR && length > 0) out->size = (uint64_t)length;
    host_close(host);
    return 0;
}

/* fopen's modes in their order here: r rb r+ r+b w wb w+ w+b a ab a+ a+b. */
static long mode_of(uint32_t flags) {
    long update = (flags & PYR_OPEN_READ) ? 2 : 0;
    if (!(flags & PYR_OPEN_WRITE)) return 1;
    if (flags & PYR_OPEN_APPEND) return 9 + update;
    if (flags & PYR_OPEN_TRUNCATE) return 5 + update;
    return 3;
}

static int files_open(void *user, const char *path, uint32_t flags) {
    (void)user;
    int handle = 0;
    while (handle < OPEN_FILES && open_files[handle].host != 0) handle++;
    if (handle == OPEN_FILES) return -EMFILE_;
    long host = -1;
    if (flags & (PYR_OPEN_EXCLUSIVE | PYR_OPEN_TRUNCATE | PYR_OPEN_APPEND)) {
        /* These modes always create; what may not be created, or must be, is asked first. */
        long there = host_open(path, 1);
        if (there >= 0) host_close(there);
        if (there >= 0 && (flags & PYR_OPEN_EXCLUSIVE)) return -17;
        if (there < 0 && !(flags & PYR_OPEN_CREATE)) return -ENOENT_;
    }
    host = host_open(path, mode_of(flags));
    if (host < 0 && (flags & PYR_OPEN_CREATE)) host = host_open(path, (flags & PYR_OPEN_READ) ? 7 : 5);
    if (host < 0) return last_error();
    if (is_folder(host)) {
        host_close(host);
        return -EISDIR_;
    }
    host_seek(host, 0);
    open_files[handle].host = host;
    open_files[handle].at = 0;
    open_files[handle].appends = (flags & PYR_OPEN_APPEND) != 0;
    return handle;
}

static long host_of(int handle) {
    return handle >= 0 && handle < OPEN_FILES ? open_files[handle].host : 0;
}

static int32_t files_read(void *user, int handle, void *buf, size_t len) {
    (void)user;
    long host = host_of(handle);
    if (host == 0) return -EBADF_;
    long left = host_read(host, buf, len);
    if (left < 0 || (size_t)left > len) return last_error();
    open_files[handle].at += (uint32_t)(len - (size_t)left);
    return (int32_t)(len - (size_t)left);
}

static int32_t files_write(void *user, int handle, const void *buf, size_t len) {
    (void)user;
    long host = host_of(handle);
    if (host == 0) return -EBADF_;
    uintptr_t block[3] = {(uintptr_t)host, (uintptr_t)buf, len};
    long left = semihosting_call(SYS_WRITE, block);
    if (left < 0 || (size_t)left > len || (left != 0 && (size_t)left == len)) return last_error();
    if (open_files[handle].appends)
        open_files[handle].at = (uint32_t)host_length(host);
    else
        open_files[handle].at += (uint32_t)(len - (size_t)left);
    return (int32_t)(len - (size_t)left);
}

static int64_t files_seek(void *user, int handle, int64_t offset, int origin) {
    (void)user;
    long host = host_of(handle);
    if (host == 0) return -EBADF_;
    int64_t from = origin == PYR_SEEK_START ? 0 : origin == PYR_SEEK_CURRENT ? open_files[handle].at : host_length(host);
    int64_t at = from + offset;
    if (at < 0 || at > UINT32_MAX) return -EINVAL_;
    if (host_seek(host, (uint32_t)at) != 0) return last_error();
    open_files[handle].at = (uint32_t)at;
    return at;
}

static int files_close(void *user, int handle) {
    (void)user;
    long host = host_of(handle);
    if (host == 0) return -EBADF_;
    open_files[handle].host = 0;
    return host_close(host) == 0 ? 0 : last_error();
}

static int files_list(void *user, const char *path) {
    (void)user, (void)path;
    return -ENOSYS_;
}

static int files_list_next(void *user, int handle, char *name, size_t len, struct pyr_stat *out) {
    (void)user, (void)handle, (void)name, (void)len, (void)out;
    return -EBADF_;
}

const struct pyr_files semihosting_files = {PYR_FILES(files)};
