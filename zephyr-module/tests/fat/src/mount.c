/* mount.c: FAT on a disk in memory, before Python starts; the devicetree of Zephyr 3.7 knows no file system but littlefs. */
#include <zephyr/fs/fs.h>
#include <zephyr/init.h>

#include <ff.h>

static FATFS fat;
static struct fs_mount_t mount = {.type = FS_FATFS, .fs_data = &fat, .mnt_point = "/RAM:"};

static int mount_fat(void) {
    return fs_mount(&mount); /* which formats the empty disk */
}
SYS_INIT(mount_fat, APPLICATION, 0);
