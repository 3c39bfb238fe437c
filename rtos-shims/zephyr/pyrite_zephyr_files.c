/* pyrite_zephyr_files.c: the file systems that Zephyr has mounted, as Pyrite's files.
 *
 * A path begins with a mount point ("/lfs/main.py"), or else counts from CONFIG_PYRITE_FOLDER; "/" is a folder that lists the mount points, which Zephyr itself does
 * not have. Open files and listings stand in one table of CONFIG_PYRITE_FILES_OPEN places; a place that a call uses is held
 * by it, so closing it meanwhile is refused.
 */
#include "pyrite_zephyr.h"

#include <zephyr/fs/fs.h>

#include <errno.h>
#include <string.h>

enum use { FREE, OPENING, FILE_OPEN, LISTING, MOUNTS };

struct place {
    enum use use;
    bool held;
    int next_mount; /* of MOUNTS */
    union {
        struct fs_file_t file;
        struct fs_dir_t dir;
    };
};

static struct place places[CONFIG_PYRITE_FILES_OPEN];
static K_MUTEX_DEFINE(guard);

static int take(enum use use) {
    int handle = -EMFILE;
    k_mutex_lock(&guard, K_FOREVER);
    for (int i = 0; i < (int)ARRAY_SIZE(places) && handle < 0; i++) {
        if (places[i].use == FREE) {
            places[i].use = use;
            places[i].held = true;
            handle = i;
        }
    }
    k_mutex_unlock(&guard);
    return handle;
}

/* The place of a handle, held until let_go; NULL when it is another kind of thing or in use. */
static struct place *hold(int handle, enum use a, enum use b) {
    struct place *found = NULL;
    if (handle < 0 || handle >= (int)ARRAY_SIZE(places)) return NULL;
    k_mutex_lock(&guard, K_FOREVER);
    struct place *place = &places[handle];
    if (!place->held && (place->use == a || place->use == b)) {
        place->held = true;
        found = place;
    }
    k_mutex_unlock(&guard);
    return found;
}

static void let_go(struct place *place, enum use use) {
    k_mutex_lock(&guard, K_FOREVER);
    place->use = use;
    place->held = false;
    k_mutex_unlock(&guard);
}

/* A path as Zephyr takes it: whole, without empty parts, "." and "..". 0, or -ENAMETOOLONG as Python numbers it. */
struct whole {
    char text[CONFIG_PYRITE_PATH_MAX];
    size_t len; /* without the NUL; the root is empty here, "/" in the text */
};

static int add_parts(struct whole *whole, const char *path) {
    while (*path != '\0') {
        size_t size = strcspn(path, "/");
        if (size == 2 && memcmp(path, "..", 2) == 0) {
            while (whole->len > 0 && whole->text[--whole->len] != '/') {
            }
        } else if (size > 0 && !(size == 1 && *path == '.')) {
            if (whole->len + 1 + size >= sizeof whole->text) return pyr_zephyr_errno(-ENAMETOOLONG);
            whole->text[whole->len] = '/';
            memcpy(whole->text + whole->len + 1, path, size);
            whole->len += 1 + size;
        }
        path += size + (path[size] == '/');
    }
    return 0;
}

static int make_whole(struct whole *whole, const char *path) {
    int status = 0;
    whole->len = 0;
    if (path[0] != '/') status = add_parts(whole, CONFIG_PYRITE_FOLDER);
    if (status == 0) status = add_parts(whole, path);
    strcpy(whole->text + whole->len, whole->len == 0 ? "/" : "");
    return status;
}

/* Whether `path` is the root or a mount point, which file systems do not describe themselves. */
static bool is_top(const char *path) {
    if (path[1] == '\0') return true;
    const char *name;
    for (int i = 0; fs_readmount(&i, &name) == 0;) {
        if (strcmp(name, path) == 0) return true;
    }
    return false;
}

static void describe(const struct fs_dirent *from, struct pyr_stat *to) {
    memset(to, 0, sizeof *to);
    bool folder = from->type == FS_DIR_ENTRY_DIR;
    to->kind = folder ? PYR_FILE_FOLDER : PYR_FILE_REGULAR;
    to->size = folder ? 0 : from->size;
}

static int stat_whole(const char *path, struct pyr_stat *out) {
    struct fs_dirent entry;
    if (is_top(path)) {
        memset(out, 0, sizeof *out);
        out->kind = PYR_FILE_FOLDER;
        return 0;
    }
    int result = fs_stat(path, &entry);
    if (result < 0) return pyr_zephyr_errno(result);
    describe(&entry, out);
    return 0;
}

static int files_stat(void *user, const char *path, struct pyr_stat *out) {
    ARG_UNUSED(user);
    struct whole whole;
    int status = make_whole(&whole, path);
    return status < 0 ? status : stat_whole(whole.text, out);
}

static int files_open(void *user, const char *path, uint32_t flags) {
    ARG_UNUSED(user);
    struct whole whole;
    struct pyr_stat known;
    int status = make_whole(&whole, path);
    if (status < 0) return status;
    status = stat_whole(whole.text, &known);
    if (status == 0 && known.kind == PYR_FILE_FOLDER) return -EISDIR;
    if (status == 0 && (flags & PYR_OPEN_EXCLUSIVE)) return -EEXIST;
    /* Some file systems make a file that is only to be read. */
    if (status < 0 && !(flags & PYR_OPEN_CREATE)) return status;
    fs_mode_t how = 0;
    if (flags & PYR_OPEN_READ) how |= FS_O_READ;
    if (flags & PYR_OPEN_WRITE) how |= FS_O_WRITE;
    if (flags & PYR_OPEN_APPEND) how |= FS_O_APPEND;
    if (flags & PYR_OPEN_CREATE) how |= FS_O_CREATE;
    if (flags & PYR_OPEN_TRUNCATE) how |= FS_O_TRUNC;
    int handle = take(OPENING);
    if (handle < 0) return handle;
    struct place *place = &places[handle];
    fs_file_t_init(&place->file);
    int result = fs_open(&place->file, whole.text, how);
    let_go(place, result < 0 ? FREE : FILE_OPEN);
    return result < 0 ? pyr_zephyr_errno(result) : handle;
}

static int32_t files_read(void *user, int handle, void *buf, size_t len) {
    ARG_UNUSED(user);
    struct place *place = hold(handle, FILE_OPEN, FILE_OPEN);
    if (place == NULL) return -EBADF;
    ssize_t count = fs_read(&place->file, buf, MIN(len, INT32_MAX));
    let_go(place, FILE_OPEN);
    return pyr_zephyr_errno((int)count);
}

static int32_t files_write(void *user, int handle, const void *buf, size_t len) {
    ARG_UNUSED(user);
    struct place *place = hold(handle, FILE_OPEN, FILE_OPEN);
    if (place == NULL) return -EBADF;
    ssize_t count = fs_write(&place->file, buf, MIN(len, INT32_MAX));
    let_go(place, FILE_OPEN);
    if (count == 0 && len > 0) return -ENOSPC;
    return pyr_zephyr_errno((int)count);
}

static int64_t files_seek(void *user, int handle, int64_t offset, int origin) {
    ARG_UNUSED(user);
    static const int origins[] = {[PYR_SEEK_START] = FS_SEEK_SET, [PYR_SEEK_CURRENT] = FS_SEEK_CUR, [PYR_SEEK_END] = FS_SEEK_END};
    if (origin < PYR_SEEK_START || origin > PYR_SEEK_END || offset != (off_t)offset) return -EINVAL;
    struct place *place = hold(handle, FILE_OPEN, FILE_OPEN);
    if (place == NULL) return -EBADF;
    int result = fs_seek(&place->file, (off_t)offset, origins[origin]);
    int64_t at = result < 0 ? result : fs_tell(&place->file);
    let_go(place, FILE_OPEN);
    return at < 0 ? pyr_zephyr_errno((int)at) : at;
}

static int files_close(void *user, int handle) {
    ARG_UNUSED(user);
    struct place *place = hold(handle, FILE_OPEN, FILE_OPEN);
    if (place != NULL) {
        int result = fs_close(&place->file);
        let_go(place, FREE);
        return pyr_zephyr_errno(result);
    }
    place = hold(handle, LISTING, MOUNTS);
    if (place == NULL) return -EBADF;
    int result = place->use == LISTING ? fs_closedir(&place->dir) : 0;
    let_go(place, FREE);
    return pyr_zephyr_errno(result);
}

static int files_list(void *user, const char *path) {
    ARG_UNUSED(user);
    struct whole whole;
    struct pyr_stat known;
    int status = make_whole(&whole, path);
    if (status == 0) status = stat_whole(whole.text, &known);
    if (status < 0) return status;
    if (known.kind != PYR_FILE_FOLDER) return -ENOTDIR;
    int handle = take(OPENING);
    if (handle < 0) return handle;
    struct place *place = &places[handle];
    if (whole.len == 0) {
        place->next_mount = 0;
        let_go(place, MOUNTS);
        return handle;
    }
    fs_dir_t_init(&place->dir);
    int result = fs_opendir(&place->dir, whole.text);
    let_go(place, result < 0 ? FREE : LISTING);
    return result < 0 ? pyr_zephyr_errno(result) : handle;
}

/* The next mount point that fits, without its slash. */
static int next_mount(struct place *place, char *name, size_t len, struct pyr_stat *out) {
    const char *point;
    while (fs_readmount(&place->next_mount, &point) == 0) {
        size_t size = strlen(point); /* less the slash, with the NUL */
        if (size > len || size < 2) continue;
        memcpy(name, point + 1, size);
        memset(out, 0, sizeof *out);
        out->kind = PYR_FILE_FOLDER;
        return (int)size - 1;
    }
    return 0;
}

/* The next entry that is neither "." nor ".."; long names make it large. Whoever reads one holds the guard. */
static struct fs_dirent entry;

/* 1, 0 at the end, or an error. */
static int read_entry(struct fs_dir_t *dir) {
    int result;
    do {
        result = fs_readdir(dir, &entry);
    } while (result == 0 && (strcmp(entry.name, ".") == 0 || strcmp(entry.name, "..") == 0));
    return result < 0 ? result : entry.name[0] != '\0';
}

static int next_entry(struct place *place, char *name, size_t len, struct pyr_stat *out) {
    int result;
    k_mutex_lock(&guard, K_FOREVER);
    while ((result = read_entry(&place->dir)) > 0) {
        size_t size = strlen(entry.name) + 1;
        if (size > len) continue;
        memcpy(name, entry.name, size);
        describe(&entry, out);
        result = (int)size - 1;
        break;
    }
    k_mutex_unlock(&guard);
    return pyr_zephyr_errno(result);
}

static bool holds_something(const char *path) {
    struct fs_dir_t dir;
    fs_dir_t_init(&dir);
    if (fs_opendir(&dir, path) < 0) return false;
    k_mutex_lock(&guard, K_FOREVER);
    int result = read_entry(&dir);
    k_mutex_unlock(&guard);
    fs_closedir(&dir);
    return result > 0;
}

static int files_list_next(void *user, int handle, char *name, size_t len, struct pyr_stat *out) {
    ARG_UNUSED(user);
    struct place *place = hold(handle, LISTING, MOUNTS);
    if (place == NULL) return -EBADF;
    enum use use = place->use;
    int result = use == MOUNTS ? next_mount(place, name, len, out) : next_entry(place, name, len, out);
    let_go(place, use);
    return result;
}

static int files_remove(void *user, const char *path, uint32_t kind) {
    ARG_UNUSED(user);
    struct whole whole;
    struct pyr_stat known;
    int status = make_whole(&whole, path);
    if (status == 0) status = stat_whole(whole.text, &known);
    if (status < 0) return status;
    if (is_top(whole.text)) return -EACCES;
    if (known.kind != kind) return kind == PYR_FILE_FOLDER ? -ENOTDIR : -EISDIR;
    int result = fs_unlink(whole.text);
    /* FAT does not say why it refuses. */
    if (result == -EACCES && known.kind == PYR_FILE_FOLDER && holds_something(whole.text)) result = -ENOTEMPTY;
    return pyr_zephyr_errno(result);
}

static int files_rename(void *user, const char *from, const char *to) {
    ARG_UNUSED(user);
    struct whole old, new;
    int status = make_whole(&old, from);
    if (status == 0) status = make_whole(&new, to);
    return status < 0 ? status : pyr_zephyr_errno(fs_rename(old.text, new.text));
}

static int files_make_folder(void *user, const char *path) {
    ARG_UNUSED(user);
    struct whole whole;
    int status = make_whole(&whole, path);
    if (status < 0) return status;
    return is_top(whole.text) ? -EEXIST : pyr_zephyr_errno(fs_mkdir(whole.text));
}

static int files_folder(void *user, char *out, size_t len) {
    ARG_UNUSED(user);
    static const char folder[] = CONFIG_PYRITE_FOLDER, root[] = "/";
    const char *where = sizeof folder > 1 ? folder : root;
    if (strlen(where) + 1 > len) return -EINVAL;
    strcpy(out, where);
    return 0;
}

static int files_space(void *user, const char *path, struct pyr_space *out) {
    ARG_UNUSED(user);
    struct whole whole;
    struct fs_statvfs space;
    int result = make_whole(&whole, path);
    if (result < 0) return result;
    if (whole.len == 0) return pyr_zephyr_errno(-ENOTSUP); /* the root is no file system */
    result = fs_statvfs(whole.text, &space);
    if (result < 0) return pyr_zephyr_errno(result);
    *out = (struct pyr_space){.blocks = space.f_blocks,
                              .blocks_free = space.f_bfree,
                              .block_size = (uint32_t)space.f_frsize,
                              .name_max = MAX_FILE_NAME};
    return 0;
}

const struct pyr_files pyr_zephyr_files = {PYR_FILES(files), PYR_FILES_OPTIONAL(files)};
