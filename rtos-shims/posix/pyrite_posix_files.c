/* pyrite_posix_files.c: the host's files. A handle is the descriptor; listings have numbers above all descriptors.
 *
 * Usable without the rest of the POSIX port, wherever there is a POSIX C library. Every call that a signal cut short is
 * repeated.
 */
#define _GNU_SOURCE
#include "pyrite_posix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LISTINGS 16
#define FIRST_LISTING 0x40000000
static DIR *listings[LISTINGS];
static pthread_mutex_t listings_guard = PTHREAD_MUTEX_INITIALIZER;

static void describe(const struct stat *from, struct pyr_stat *to) {
    memset(to, 0, sizeof *to);
    to->kind = S_ISREG(from->st_mode) ? PYR_FILE_REGULAR : S_ISDIR(from->st_mode) ? PYR_FILE_FOLDER : PYR_FILE_OTHER;
    to->size = S_ISDIR(from->st_mode) ? 0 : (uint64_t)from->st_size;
    to->mtime_s = from->st_mtime;
}

static int files_stat(void *user, const char *path, struct pyr_stat *out) {
    (void)user;
    struct stat s;
    if (stat(path, &s) != 0) return -errno;
    describe(&s, out);
    return 0;
}

static int files_open(void *user, const char *path, uint32_t flags) {
    (void)user;
    int how = (flags & PYR_OPEN_WRITE) ? (flags & PYR_OPEN_READ) ? O_RDWR : O_WRONLY : O_RDONLY;
    if (flags & PYR_OPEN_APPEND) how |= O_APPEND;
    if (flags & PYR_OPEN_CREATE) how |= O_CREAT;
    if (flags & PYR_OPEN_TRUNCATE) how |= O_TRUNC;
    if (flags & PYR_OPEN_EXCLUSIVE) how |= O_EXCL;
    int fd;
    do fd = open(path, how | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return -errno;
    struct stat s;
    if (fstat(fd, &s) == 0 && S_ISDIR(s.st_mode)) {
        close(fd);
        return -EISDIR;
    }
    return fd;
}

static int32_t files_read(void *user, int handle, void *buf, size_t len) {
    (void)user;
    ssize_t count;
    do count = read(handle, buf, len < INT32_MAX ? len : INT32_MAX);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : (int32_t)count;
}

static int32_t files_write(void *user, int handle, const void *buf, size_t len) {
    (void)user;
    ssize_t count;
    do count = write(handle, buf, len < INT32_MAX ? len : INT32_MAX);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : (int32_t)count;
}

static int64_t files_seek(void *user, int handle, int64_t offset, int origin) {
    (void)user;
    static const int origins[] = {[PYR_SEEK_START] = SEEK_SET, [PYR_SEEK_CURRENT] = SEEK_CUR, [PYR_SEEK_END] = SEEK_END};
    if (origin < PYR_SEEK_START || origin > PYR_SEEK_END) return -EINVAL;
    off_t at = lseek(handle, (off_t)offset, origins[origin]);
    return at < 0 ? -errno : (int64_t)at;
}

/* The listing behind a handle; with `take` its place becomes free. */
static DIR *listing(int handle, int take) {
    if (handle < FIRST_LISTING || handle >= FIRST_LISTING + LISTINGS) return NULL;
    pthread_mutex_lock(&listings_guard);
    DIR *dir = listings[handle - FIRST_LISTING];
    if (take) listings[handle - FIRST_LISTING] = NULL;
    pthread_mutex_unlock(&listings_guard);
    return dir;
}

static int files_close(void *user, int handle) {
    (void)user;
    if (handle >= FIRST_LISTING) {
        DIR *dir = listing(handle, 1);
        return dir == NULL ? -EBADF : closedir(dir) == 0 ? 0 : -errno;
    }
    /* Not repeated after EINTR: Linux has closed it by then, and another thread may own the number. */
    return close(handle) == 0 || errno == EINTR ? 0 : -errno;
}

static int files_list(void *user, const char *path) {
    (void)user;
    DIR *dir = opendir(path);
    if (dir == NULL) return -errno;
    int handle = -EMFILE;
    pthread_mutex_lock(&listings_guard);
    for (int i = 0; i < LISTINGS && handle < 0; i++) {
        if (listings[i] == NULL) {
            listings[i] = dir;
            handle = FIRST_LISTING + i;
        }
    }
    pthread_mutex_unlock(&listings_guard);
    if (handle < 0) closedir(dir);
    return handle;
}

static int files_list_next(void *user, int handle, char *name, size_t len, struct pyr_stat *out) {
    (void)user;
    DIR *dir = listing(handle, 0);
    if (dir == NULL) return -EBADF;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(dir);
        if (entry == NULL) return -errno;
        size_t size = strlen(entry->d_name) + 1;
        struct stat s;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || size > len) continue;
        if (fstatat(dirfd(dir), entry->d_name, &s, 0) != 0 && fstatat(dirfd(dir), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
            continue; /* gone since readdir saw it */
        memcpy(name, entry->d_name, size);
        describe(&s, out);
        return (int)(size - 1);
    }
}

static int files_remove(void *user, const char *path, uint32_t kind) {
    (void)user;
    return (kind == PYR_FILE_FOLDER ? rmdir(path) : unlink(path)) == 0 ? 0 : -errno;
}

static int files_rename(void *user, const char *from, const char *to) {
    (void)user;
    return rename(from, to) == 0 ? 0 : -errno;
}

static int files_make_folder(void *user, const char *path) {
    (void)user;
    return mkdir(path, 0777) == 0 ? 0 : -errno;
}

static int files_folder(void *user, char *out, size_t len) {
    (void)user;
    return getcwd(out, len) != NULL ? 0 : -errno;
}

static int files_space(void *user, const char *path, struct pyr_space *out) {
    (void)user;
    struct statvfs s;
    if (statvfs(path, &s) != 0) return -errno;
    memset(out, 0, sizeof *out);
    out->block_size = (uint32_t)s.f_frsize;
    out->blocks = s.f_blocks;
    out->blocks_free = s.f_bavail;
    out->files = s.f_files;
    out->files_free = s.f_favail;
    out->name_max = (uint32_t)s.f_namemax;
    return 0;
}

const struct pyr_files pyr_posix_files = {PYR_FILES(files), PYR_FILES_OPTIONAL(files)};
