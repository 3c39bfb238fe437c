/* zephyr_flash.c: zephyr.FlashArea, a partition of flash as a block device; FlashArea.areas maps the partitions' labels to
 * the arguments that make one: (id, bytes of a block). */
#include "zephyr_parts.h"

#include <zephyr/drivers/flash.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/sys/printk.h>

struct area {
    struct pyr_blocks blocks;
    const struct flash_area *flash;
};

static const struct flash_area *flash_of(struct pyr_blocks *blocks) {
    return CONTAINER_OF(blocks, struct area, blocks)->flash;
}

static int area_read(struct pyr_blocks *blocks, uint64_t at, void *bytes, size_t len) {
    return flash_area_read(flash_of(blocks), (off_t)at, bytes, len);
}

static int area_write(struct pyr_blocks *blocks, uint64_t at, const void *bytes, size_t len) {
    return flash_area_write(flash_of(blocks), (off_t)at, bytes, len);
}

static int area_erase(struct pyr_blocks *blocks, uint64_t at, size_t len) {
    return flash_area_erase(flash_of(blocks), (off_t)at, len);
}

static const struct pyr_blocks_driver driver = {.read = area_read, .write = area_write, .erase = area_erase};

/* What can be erased at a time; where the driver does not tell, what most do. */
static uint32_t page_of(const struct flash_area *flash) {
#ifdef CONFIG_FLASH_PAGE_LAYOUT
    struct flash_pages_info page;
    if (flash_get_page_info_by_offs(flash_area_get_device(flash), flash->fa_off, &page) == 0) return (uint32_t)page.size;
#endif
    ARG_UNUSED(flash);
    return 4096;
}

static int area_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct area *area = self;
    const struct flash_area *flash;
    char text[PYR_NAME_MAX];
    if (args[0].i32 < 0 || args[0].i32 > UINT8_MAX || flash_area_open((uint8_t)args[0].i32, &flash) != 0) {
        snprintk(text, sizeof text, "no such flash area: %d", (int)args[0].i32);
        return pyr_raise(vm, "ValueError", text);
    }
    uint32_t size = args[1].u32, page = page_of(flash), align = flash_area_align(flash);
    if (size == 0 || size % page != 0 || size > flash->fa_size) {
        snprintk(text, sizeof text, "blocks are a multiple of %u bytes, within %u", page, (uint32_t)flash->fa_size);
        return pyr_raise(vm, "ValueError", text);
    }
    area->flash = flash;
    area->blocks = (struct pyr_blocks){&driver, size, (uint32_t)(flash->fa_size / size), 1, MAX(align, 1)};
    return PYR_OK;
}

static const struct pyr_param make_params[] = {PYR_PARAM("id", PYR_INT), PYR_PARAM("block_size", PYR_UINT)};
static const struct pyr_native pyr_zephyr_flash_members[] = {
    PYR_METHOD("__init__", area_make, make_params, PYR_NOTHING),
    PYR_BLOCKS_MEMBERS,
};
PYR_CLASS_DEFINE(pyr_zephyr_flash, "FlashArea", struct area);

struct known {
    const char *label;
    uint8_t id;
};

#define AREA(node) {DT_PROP_OR(node, label, DT_NODE_FULL_NAME(node)), DT_FIXED_PARTITION_ID(node)},
#define AREA_IF(node) COND_CODE_1(DT_NODE_HAS_STATUS(DT_MTD_FROM_FIXED_PARTITION(node), okay), (AREA(node)), ())
#define AREAS(node) DT_FOREACH_CHILD(node, AREA_IF)
static const struct known areas[] = {DT_FOREACH_STATUS_OKAY(fixed_partitions, AREAS){NULL, 0}};

int pyr_zephyr_flash_init(pyr_vm *vm, pyr_ref class) {
    pyr_ref all;
    int status = pyr_new_dict(vm, &all);
    for (const struct known *known = areas; status >= 0 && known->label != NULL; known++) {
        const struct flash_area *flash;
        pyr_ref label, pair[2], tuple;
        if (flash_area_open(known->id, &flash) != 0) continue;
        if ((status = pyr_push_frame(vm, 4)) < 0) break;
        status = pyr_zephyr_text(vm, known->label, &label);
        if (status >= 0) status = pyr_new_int(vm, known->id, &pair[0]);
        if (status >= 0) status = pyr_new_uint(vm, page_of(flash), &pair[1]);
        if (status >= 0) status = pyr_new_tuple(vm, pair, 2, &tuple);
        if (status >= 0) status = pyr_setitem(vm, all, label, tuple);
        (void)pyr_pop_frame(vm);
    }
    return status < 0 ? status : pyr_setattr(vm, class, "areas", all);
}
