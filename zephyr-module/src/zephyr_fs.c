/* zephyr_fs.c: zephyr.FileSystem, one mount point of Zephyr's as a file system object for vfs.mount.
 *
 * It is a VfsPosix of the mount point, kept as the attribute `_files`, which serves all of its methods; here are only
 * mounting and formatting, which the table of files does not know.
 */
#include "zephyr_parts.h"

#include <zephyr/fs/fs.h>

#include <errno.h>
#include <string.h>

struct filesystem {
    struct fs_mount_t *mount; /* of the devicetree's fstab, or NULL */
};

struct entry {
    const char *point;
    struct fs_mount_t *mount;
};

#define DECLARE(node) FS_FSTAB_DECLARE_ENTRY(node);
#define DECLARE_ALL(node) DT_FOREACH_CHILD(node, DECLARE)
DT_FOREACH_STATUS_OKAY(zephyr_fstab, DECLARE_ALL)
#define ENTRY(node) {DT_PROP(node, mount_point), &FS_FSTAB_ENTRY(node)},
#define ENTRIES(node) DT_FOREACH_CHILD(node, ENTRY)
static const struct entry entries[] = {DT_FOREACH_STATUS_OKAY(zephyr_fstab, ENTRIES){NULL, NULL}};

static bool is_mounted(const char *point) {
    const char *name;
    int i = 0;
    while (fs_readmount(&i, &name) == 0) {
        if (strcmp(name, point) == 0) return true;
    }
    return false;
}

static int filesystem_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct filesystem *fs = self;
    char point[PYR_NAME_MAX];
    pyr_ref vfs, files, name;
    int status = pyr_zephyr_name(vm, &args[1], "mount point", point);
    if (status < 0) return status;
    fs->mount = NULL;
    for (const struct entry *entry = entries; entry->point != NULL; entry++) {
        if (strcmp(entry->point, point) == 0) fs->mount = entry->mount;
    }
    if (!is_mounted(point)) {
        if (fs->mount == NULL) return pyr_zephyr_raise(vm, "ValueError", "no such mount point", point);
        int outcome;
        if ((status = pyr_unlock(vm)) < 0) return status;
        outcome = fs_mount(fs->mount);
        if ((status = pyr_lock(vm)) < 0) return status;
        if (outcome < 0) return pyr_zephyr_check(vm, outcome);
    }
    status = pyr_import(vm, "vfs", 3, &vfs);
    if (status >= 0) status = pyr_zephyr_text(vm, point, &name);
    if (status >= 0) status = pyr_call_method(vm, vfs, "VfsPosix", &name, 1, NULL, 0, &files);
    return status < 0 ? status : pyr_setattr(vm, args[0].object, "_files", files);
}

static int filesystem_getattr(PYR_NATIVE) {
    ARG_UNUSED(self);
    char name[PYR_NAME_MAX];
    pyr_ref files;
    int status = pyr_zephyr_name(vm, &args[1], "attribute", name);
    if (status < 0) return status;
    /* It is asked for what the object has not, so this one was not made. */
    if (strcmp(name, "_files") == 0) return pyr_raise(vm, "AttributeError", name);
    status = pyr_getattr(vm, args[0].object, "_files", &files);
    return status < 0 ? status : pyr_getattr(vm, files, name, &result->object);
}

#ifdef CONFIG_FILE_SYSTEM_MKFS
/* The type's number; littlefs takes a flash area's number for its device, FAT a disk's name, and fstab holds both. */
static int format(struct fs_mount_t *mount) {
    int result = is_mounted(mount->mnt_point) ? fs_unmount(mount) : 0;
    if (result == 0) result = fs_mkfs(mount->type, (uintptr_t)mount->storage_dev, mount->fs_data, 0);
    return result == 0 ? fs_mount(mount) : result;
}

static int filesystem_mkfs(PYR_NATIVE) {
    ARG_UNUSED(args), ARG_UNUSED(result);
    struct filesystem *fs = self;
    int outcome, status;
    if (fs->mount == NULL) return pyr_raise(vm, "ValueError", "the file system is not one of fstab's");
    if ((status = pyr_unlock(vm)) < 0) return status;
    outcome = format(fs->mount);
    if ((status = pyr_lock(vm)) < 0) return status;
    return pyr_zephyr_check(vm, outcome);
}
#endif

/* The mount points of the devicetree's fstab. */
static int filesystem_fstab(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(args);
    pyr_ref points[ARRAY_SIZE(entries)];
    int status = PYR_OK;
    size_t n = 0;
    while (status >= 0 && entries[n].point != NULL) {
        status = pyr_zephyr_text(vm, entries[n].point, &points[n]);
        n++;
    }
    return status < 0 ? status : pyr_new_tuple(vm, points, n, &result->object);
}

static const struct pyr_param make_params[] = {PYR_PARAM(NULL, PYR_SELF), PYR_PARAM("mount_point", PYR_STR)};
static const struct pyr_param name_params[] = {PYR_PARAM(NULL, PYR_SELF), PYR_PARAM(NULL, PYR_STR)};
static const struct pyr_native pyr_zephyr_filesystem_members[] = {
    PYR_METHOD("__init__", filesystem_make, make_params, PYR_NOTHING),
    PYR_METHOD("__getattr__", filesystem_getattr, name_params, PYR_OBJECT),
    IF_ENABLED(CONFIG_FILE_SYSTEM_MKFS, (PYR_METHOD_0("mkfs", filesystem_mkfs, PYR_NOTHING),))
    PYR_FUNCTION_0("fstab", filesystem_fstab, PYR_OBJECT),
};
PYR_CLASS_DEFINE(pyr_zephyr_filesystem, "FileSystem", struct filesystem);
