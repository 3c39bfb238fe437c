/* objects.c: making Python objects, looking into them, walking through them. */
#include "firmware.h"

#include <string.h>

/* {"name": "pump", "limits": (10, 250)} */
static pyr_ref settings(void) {
    pyr_ref dict, key, value, limits[2];
    MUST(pyr_new_dict(vm, &dict));
    MUST(pyr_new_str(vm, "name", 4, &key));
    MUST(pyr_new_str(vm, "pump", 4, &value));
    MUST(pyr_setitem(vm, dict, key, value));
    MUST(pyr_new_int(vm, 10, &limits[0]));
    MUST(pyr_new_int(vm, 250, &limits[1]));
    MUST(pyr_new_str(vm, "limits", 6, &key));
    MUST(pyr_new_tuple(vm, limits, 2, &value));
    MUST(pyr_setitem(vm, dict, key, value));
    return dict;
}

void show_objects(void) {
    pyr_ref dict, key, value, item, list, iterator;
    char text[24];
    size_t len;
    uint8_t byte;
    int64_t wide;

    /* References end with their frame; a frame says how many it will need. */
    MUST(pyr_push_frame(vm, 12));
    dict = settings();
    MUST_HOLD(pyr_kind(vm, dict) == PYR_IS_DICT && pyr_len(vm, dict) == 2);

    /* What an expression of the program gives. */
    run("registers = [0x40004000 + 4 * i for i in range(4)]\nserial = 2 ** 40\n");
    MUST(pyr_eval(vm, "registers[1:]", 13, "objects.c", &list));
    uint32_t sum = 0, address;
    MUST(pyr_iter(vm, list, &iterator));
    while (MUST(pyr_next(vm, iterator, &item)) == 1) {
        MUST(pyr_get_uint32(vm, item, &address));
        sum += address & 0xff;
        MUST(pyr_drop(vm, item)); /* or it would live as long as the frame */
    }
    MUST_HOLD(sum == 4 + 8 + 12);

    /* Numbers have a width: what does not fit is PYR_E_RANGE, another type PYR_E_TYPE. */
    MUST(pyr_lookup(vm, "__main__", "serial", &value));
    MUST(pyr_get_int64(vm, value, &wide));
    MUST_HOLD(wide == (int64_t)1 << 40);
    MUST_HOLD(pyr_get_uint8(vm, value, &byte) == PYR_E_RANGE);
    MUST_HOLD(pyr_get_int64(vm, dict, &wide) == PYR_E_TYPE);
    MUST(pyr_drop(vm, value));

    /* The entries of a dict, without running Python. */
    uint32_t cursor = 0;
    int entries = 0;
    for (;;) {
        MUST(pyr_push_frame(vm, 2));
        int more = MUST(pyr_dict_next(vm, dict, &cursor, &key, &value));
        if (more == 1) {
            MUST(pyr_get_str(vm, key, text, sizeof text, &len));
            entries += len == 4 && strcmp(text, "name") == 0;
        }
        MUST(pyr_pop_frame(vm));
        if (more == 0) break;
    }
    MUST_HOLD(entries == 1);

    /* As the program would print it. */
    MUST(pyr_repr(vm, dict, text, sizeof text, &len));
    MUST_HOLD(len > sizeof text && text[0] == '{'); /* cut: `len` is what there was to show */
    MUST(pyr_pop_frame(vm));
    say("objects: made, read and walked through\r\n");
}
