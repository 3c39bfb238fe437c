/* zephyr_disk.c: zephyr.DiskAccess, a disk of Zephyr's as a block device; DiskAccess.disks are the names of those that the
 * devicetree tells of. */
#include "zephyr_parts.h"

#include <zephyr/storage/disk_access.h>

struct disk {
    struct pyr_blocks blocks;
    char name[PYR_NAME_MAX];
};

static const char *name_of(struct pyr_blocks *blocks) { return CONTAINER_OF(blocks, struct disk, blocks)->name; }

static int disk_read(struct pyr_blocks *blocks, uint64_t at, void *bytes, size_t len) {
    return disk_access_read(name_of(blocks), bytes, (uint32_t)(at / blocks->size), (uint32_t)(len / blocks->size));
}

static int disk_write(struct pyr_blocks *blocks, uint64_t at, const void *bytes, size_t len) {
    return disk_access_write(name_of(blocks), bytes, (uint32_t)(at / blocks->size), (uint32_t)(len / blocks->size));
}

static int disk_sync(struct pyr_blocks *blocks) {
    return disk_access_ioctl(name_of(blocks), DISK_IOCTL_CTRL_SYNC, NULL);
}

static const struct pyr_blocks_driver driver = {.read = disk_read, .write = disk_write, .sync = disk_sync};

static int disk_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct disk *disk = self;
    uint32_t size = 0, count = 0;
    int status = pyr_zephyr_name(vm, &args[0], "disk", disk->name);
    if (status < 0) return status;
    if (disk_access_init(disk->name) != 0) return pyr_zephyr_raise(vm, "ValueError", "no such disk", disk->name);
    if ((status = disk_access_ioctl(disk->name, DISK_IOCTL_GET_SECTOR_SIZE, &size)) == 0) {
        status = disk_access_ioctl(disk->name, DISK_IOCTL_GET_SECTOR_COUNT, &count);
    }
    if (status < 0) return pyr_zephyr_check(vm, status);
    if (size == 0) return pyr_raise_errno(vm, ENODEV);
    disk->blocks = (struct pyr_blocks){&driver, size, count, size, size};
    return PYR_OK;
}

static const struct pyr_param make_params[] = {PYR_PARAM("disk_name", PYR_STR)};
static const struct pyr_native pyr_zephyr_disk_members[] = {
    PYR_METHOD("__init__", disk_make, make_params, PYR_NOTHING),
    PYR_BLOCKS_MEMBERS,
};
PYR_CLASS_DEFINE(pyr_zephyr_disk, "DiskAccess", struct disk);

#define DISK(node) DT_PROP(node, disk_name),
static const char *const disks[] = {
    DT_FOREACH_STATUS_OKAY(zephyr_sdmmc_disk, DISK) DT_FOREACH_STATUS_OKAY(zephyr_mmc_disk, DISK)
    DT_FOREACH_STATUS_OKAY(zephyr_flash_disk, DISK) DT_FOREACH_STATUS_OKAY(zephyr_ram_disk, DISK) NULL,
};

int pyr_zephyr_disk_init(pyr_vm *vm, pyr_ref class) {
    pyr_ref names[ARRAY_SIZE(disks)], tuple;
    int status = PYR_OK;
    size_t n = 0;
    while (disks[n] != NULL && status >= 0) {
        status = pyr_zephyr_text(vm, disks[n], &names[n]);
        n++;
    }
    if (status >= 0) status = pyr_new_tuple(vm, names, n, &tuple);
    return status < 0 ? status : pyr_setattr(vm, class, "disks", tuple);
}
