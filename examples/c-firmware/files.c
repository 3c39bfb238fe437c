/* files.c: files of the firmware for `import` and `open`: an array in flash, read only. */
#include "firmware.h"

#include <string.h>

static const struct {
    const char *name, *text;
} table[] = {
    {"config.txt", "gain=3\nname=pump\n"},
    {"tuning.py", "def curve(x):\n    return x * x + 1\n"},
};
#define FILES (sizeof table / sizeof table[0])

enum { NO_ENTRY = -2, BAD_HANDLE = -9, NO_ACCESS = -13, IS_FOLDER = -21, BAD_VALUE = -22, TOO_MANY = -24 };

/* A handle is an index here. */
static struct {
    uint8_t used, listing;
    uint16_t file, at;
} open_files[4];
#define HANDLES ((int)(sizeof open_files / sizeof open_files[0]))

/* Relative paths start at "/", since there is no `folder` in the table. */
static const char *name_of(const char *path) { return *path == '/' ? path + 1 : path; }

static int find(const char *path) {
    for (size_t i = 0; i < FILES; i++)
        if (strcmp(table[i].name, name_of(path)) == 0) return (int)i;
    return NO_ENTRY;
}

static int is_handle(int handle) { return handle >= 0 && handle < HANDLES && open_files[handle].used; }

static int take(uint8_t listing, int file) {
    for (int i = 0; i < HANDLES; i++) {
        if (open_files[i].used) continue;
        open_files[i].used = 1;
        open_files[i].listing = listing;
        open_files[i].file = (uint16_t)file;
        open_files[i].at = 0;
        return i;
    }
    return TOO_MANY;
}

static int flash_stat(void *user, const char *path, struct pyr_stat *out) {
    (void)user;
    memset(out, 0, sizeof *out);
    out->kind = PYR_FILE_FOLDER;
    if (*name_of(path) == 0) return 0;
    int file = find(path);
    if (file < 0) return file;
    out->kind = PYR_FILE_REGULAR;
    out->size = strlen(table[file].text);
    return 0;
}

static int flash_open(void *user, const char *path, uint32_t flags) {
    (void)user;
    if (*name_of(path) == 0) return IS_FOLDER;
    if (flags & PYR_OPEN_WRITE) return NO_ACCESS;
    int file = find(path);
    return file < 0 ? file : take(0, file);
}

static int32_t flash_read(void *user, int handle, void *buf, size_t len) {
    (void)user;
    if (!is_handle(handle) || open_files[handle].listing) return BAD_HANDLE;
    const char *text = table[open_files[handle].file].text;
    size_t left = strlen(text) - open_files[handle].at;
    if (len > left) len = left;
    memcpy(buf, text + open_files[handle].at, len);
    open_files[handle].at += (uint16_t)len;
    return (int32_t)len;
}

static int32_t flash_write(void *user, int handle, const void *buf, size_t len) {
    (void)user, (void)buf, (void)len;
    return is_handle(handle) ? NO_ACCESS : BAD_HANDLE;
}

static int64_t flash_seek(void *user, int handle, int64_t offset, int origin) {
    (void)user;
    if (!is_handle(handle) || open_files[handle].listing) return BAD_HANDLE;
    int64_t size = (int64_t)strlen(table[open_files[handle].file].text);
    int64_t from = origin == PYR_SEEK_END ? size : origin == PYR_SEEK_CURRENT ? open_files[handle].at : 0;
    if (from + offset < 0 || from + offset > size) return BAD_VALUE;
    open_files[handle].at = (uint16_t)(from + offset);
    return from + offset;
}

static int flash_close(void *user, int handle) {
    (void)user;
    if (!is_handle(handle)) return BAD_HANDLE;
    open_files[handle].used = 0;
    return 0;
}

static int flash_list(void *user, const char *path) {
    (void)user;
    return *name_of(path) == 0 ? take(1, 0) : NO_ENTRY;
}

static int flash_list_next(void *user, int handle, char *name, size_t len, struct pyr_stat *out) {
    if (!is_handle(handle) || !open_files[handle].listing) return BAD_HANDLE;
    while (open_files[handle].at < FILES) {
        const char *next = table[open_files[handle].at++].name;
        if (strlen(next) >= len) continue;
        (void)flash_stat(user, next, out);
        strcpy(name, next);
        return (int)strlen(name);
    }
    return 0;
}

const struct pyr_files flash_files = {
    .abi_size = sizeof(struct pyr_files),
    .stat = flash_stat,
    .open = flash_open,
    .read = flash_read,
    .write = flash_write,
    .seek = flash_seek,
    .close = flash_close,
    .list = flash_list,
    .list_next = flash_list_next,
};
