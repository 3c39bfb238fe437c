/* zephyr_kconfig.c: zephyr.kconfig(name, default=None), the value of an option that this build was configured with. The table
 * is made by cmake/kconfig.cmake. An option that is off is not in it. */
#include "zephyr_parts.h"

#include <string.h>

struct option {
    const char *name, *text; /* `text` is NULL for a number */
    int64_t number;
    bool truth;
};

static const struct option options[] = {
#include <pyrite_kconfig.inc>
    {NULL, NULL, 0, false},
};

int pyr_zephyr_kconfig(PYR_NATIVE) {
    ARG_UNUSED(self);
    static const char prefix[] = "CONFIG_";
    const char *name = args[0].bytes.data;
    size_t len = args[0].bytes.len, skip = sizeof prefix - 1;
    if (len > skip && memcmp(name, prefix, skip) == 0) {
        name += skip;
        len -= skip;
    }
    for (const struct option *option = options; option->name != NULL; option++) {
        if (strlen(option->name) != len || memcmp(option->name, name, len) != 0) continue;
        if (option->text != NULL) return pyr_zephyr_text(vm, option->text, &result->object);
        return option->truth ? pyr_new_bool(vm, 1, &result->object) : pyr_new_int(vm, option->number, &result->object);
    }
    result->object = args[1].object;
    return PYR_OK;
}
const struct pyr_param pyr_zephyr_kconfig_params[] = {PYR_PARAM("name", PYR_STR), PYR_PARAM_OR("default", PYR_OBJECT, 0)};
