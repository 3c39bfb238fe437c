/* mod_machine.c: the Python module `machine` on Zephyr's drivers: Pin.
 *
 *   Pin(("gpio0", 5), Pin.OUT)   a controller's name or devicetree label, and the pin's number
 *   Pin("led0", Pin.OUT)         an alias of the devicetree with a `gpios` property, active level included
 */
#include "pyrite_zephyr.h"

#include <zephyr/drivers/gpio.h>

#include <errno.h>
#include <string.h>

enum { IN, OUT, OPEN_DRAIN };
enum { PULL_UP = 1, PULL_DOWN = 2 };
#define NOT_GIVEN (-1)
#define NOT_MADE "the pin was not made"

struct pin {
    struct gpio_dt_spec at;
};

/* ---- Names ------------------------------------------------------------------------------------------------------------------ */

struct alias {
    const char *name;
    struct gpio_dt_spec at;
};

#define ALIAS(name, node) {name, GPIO_DT_SPEC_GET(node, gpios)},
#define ALIAS_IF(name, id) COND_CODE_1(DT_NODE_HAS_PROP(DT_ALIAS(id), gpios), (ALIAS(name, DT_ALIAS(id))), ())
/* C cannot list aliases: these are the names that Zephyr's boards use. */
static const struct alias aliases[] = {
    ALIAS_IF("led0", led0) ALIAS_IF("led1", led1) ALIAS_IF("led2", led2) ALIAS_IF("led3", led3)
    ALIAS_IF("sw0", sw0) ALIAS_IF("sw1", sw1) ALIAS_IF("sw2", sw2) ALIAS_IF("sw3", sw3)
    {NULL, {0}},
};

/* A device does not tell what it is: only those that the devicetree calls GPIO controllers are taken for one. */
#define NAME_IF_GPIO(node) COND_CODE_1(DT_NODE_HAS_PROP(node, gpio_controller), (DEVICE_DT_NAME(node),), ())
static const char *const controllers[] = {DT_FOREACH_STATUS_OKAY_NODE(NAME_IF_GPIO) NULL};

static bool is_controller(const struct device *device) {
    for (const char *const *name = controllers; *name != NULL; name++) {
        if (strcmp(*name, device->name) == 0) return device_is_ready(device);
    }
    return false;
}

static const struct device *controller(const char *name) {
    const struct device *found = device_get_binding(name);
#ifdef CONFIG_DEVICE_DT_METADATA
    if (found == NULL) found = device_get_by_dt_nodelabel(name);
#endif
    return found != NULL && is_controller(found) ? found : NULL;
}

static int find(pyr_vm *vm, pyr_ref id, struct gpio_dt_spec *out) {
    char name[48];
    size_t len;
    int status;
    if (pyr_kind(vm, id) == PYR_IS_STR) {
        if ((status = pyr_get_str(vm, id, name, sizeof name, &len)) < 0) return status;
        for (const struct alias *alias = aliases; alias->name != NULL; alias++) {
            if (strcmp(alias->name, name) == 0) {
                *out = alias->at;
                return gpio_is_ready_dt(out) ? PYR_OK : pyr_raise_errno(vm, ENODEV);
            }
        }
        return pyr_raise(vm, "ValueError", "no pin has this alias");
    }
    pyr_ref label, number;
    uint8_t pin;
    if (pyr_kind(vm, id) != PYR_IS_TUPLE || pyr_len(vm, id) != 2) {
        return pyr_raise(vm, "TypeError", "a pin is (controller, number) or an alias");
    }
    if ((status = pyr_item(vm, id, 0, &label)) < 0 || (status = pyr_item(vm, id, 1, &number)) < 0) return status;
    if ((status = pyr_get_str(vm, label, name, sizeof name, &len)) < 0) return status;
    if ((status = pyr_get_uint8(vm, number, &pin)) < 0) return status;
    out->port = len < sizeof name ? controller(name) : NULL;
    if (out->port == NULL) return pyr_raise(vm, "ValueError", "no such GPIO controller, or it is not ready");
    const struct gpio_driver_config *known = out->port->config;
    if (pin >= GPIO_MAX_PINS_PER_PORT || !(known->port_pin_mask & BIT(pin))) {
        return pyr_raise(vm, "ValueError", "the controller has no such pin");
    }
    out->pin = pin;
    return PYR_OK;
}

/* ---- Pin ---------------------------------------------------------------------------------------------------------------- */

/* The arguments of init, from `args` on: mode, pull, value. */
static int configure(pyr_vm *vm, struct pin *pin, const pyr_arg *args) {
    int32_t mode = args[0].i32, pull = args[1].i32;
    int level = args[2].object.bits != 0 ? pyr_truth(vm, args[2].object) : NOT_GIVEN;
    gpio_flags_t flags = 0;
    if (args[2].object.bits != 0 && level < 0) return level;
    if (mode == NOT_GIVEN) {
        int result = level >= 0 ? gpio_pin_set_dt(&pin->at, level) : 0;
        return result < 0 ? pyr_raise_errno(vm, -result) : PYR_OK;
    }
    switch (mode) {
    case IN: flags = GPIO_INPUT; break;
    case OUT: flags = GPIO_OUTPUT; break;
    case OPEN_DRAIN: flags = GPIO_OUTPUT | GPIO_OPEN_DRAIN; break;
    default: return pyr_raise(vm, "ValueError", "mode is IN, OUT or OPEN_DRAIN");
    }
    if (pull != NOT_GIVEN && (pull < 0 || pull > (PULL_UP | PULL_DOWN))) return pyr_raise(vm, "ValueError", "pull");
    if (pull > 0 && (pull & PULL_UP)) flags |= GPIO_PULL_UP;
    if (pull > 0 && (pull & PULL_DOWN)) flags |= GPIO_PULL_DOWN;
    /* The level is set before the pin drives. */
    if (mode != IN && level >= 0) flags |= level ? GPIO_OUTPUT_INIT_HIGH | GPIO_OUTPUT_INIT_LOGICAL
                                                 : GPIO_OUTPUT_INIT_LOW | GPIO_OUTPUT_INIT_LOGICAL;
    int result = gpio_pin_configure_dt(&pin->at, flags);
    return result < 0 ? pyr_raise_errno(vm, -result) : PYR_OK;
}

static int pin_make(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(result);
    struct pin *pin = self;
    int status = find(vm, args[0].object, &pin->at);
    return status < 0 ? status : configure(vm, pin, args + 1);
}

static int pin_init(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(result);
    struct pin *pin = self;
    return pin->at.port == NULL ? pyr_raise(vm, "ValueError", NOT_MADE) : configure(vm, pin, args);
}

static int get_or_set(pyr_vm *vm, struct pin *pin, const pyr_arg *level, pyr_arg *result) {
    if (pin->at.port == NULL) return pyr_raise(vm, "ValueError", NOT_MADE);
    if (level->object.bits == 0) {
        int now = gpio_pin_get_dt(&pin->at);
        return now < 0 ? pyr_raise_errno(vm, -now) : pyr_new_int(vm, now, &result->object);
    }
    int high = pyr_truth(vm, level->object);
    if (high < 0) return high;
    int status = gpio_pin_set_dt(&pin->at, high);
    return status < 0 ? pyr_raise_errno(vm, -status) : PYR_OK;
}

static int pin_value(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    return get_or_set(vm, self, &args[0], result);
}

static int set_to(pyr_vm *vm, struct pin *pin, int level) {
    if (pin->at.port == NULL) return pyr_raise(vm, "ValueError", NOT_MADE);
    int status = level < 0 ? gpio_pin_toggle_dt(&pin->at) : gpio_pin_set_dt(&pin->at, level);
    return status < 0 ? pyr_raise_errno(vm, -status) : PYR_OK;
}

static int pin_on(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(args), ARG_UNUSED(result);
    return set_to(vm, self, 1);
}

static int pin_off(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(args), ARG_UNUSED(result);
    return set_to(vm, self, 0);
}

static int pin_toggle(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    ARG_UNUSED(args), ARG_UNUSED(result);
    return set_to(vm, self, -1);
}

static const struct pyr_param make_params[] = {
    PYR_PARAM("id", PYR_OBJECT),
    PYR_PARAM_OR("mode", PYR_INT, NOT_GIVEN),
    PYR_PARAM_OR("pull", PYR_INT, NOT_GIVEN),
    PYR_PARAM_KEYWORD("value", PYR_OBJECT, 0),
};
static const struct pyr_param init_params[] = {
    PYR_PARAM_OR("mode", PYR_INT, NOT_GIVEN),
    PYR_PARAM_OR("pull", PYR_INT, NOT_GIVEN),
    PYR_PARAM_KEYWORD("value", PYR_OBJECT, 0),
};
static const struct pyr_param value_params[] = {{NULL, 0, PYR_OBJECT, PYR_OPTIONAL}};

static const struct pyr_native pin_members[] = {
    PYR_METHOD("__init__", pin_make, make_params, PYR_NOTHING),
    PYR_METHOD("init", pin_init, init_params, PYR_NOTHING),
    PYR_METHOD("value", pin_value, value_params, PYR_OBJECT),
    PYR_METHOD("__call__", pin_value, value_params, PYR_OBJECT),
    PYR_METHOD_0("on", pin_on, PYR_NOTHING),
    PYR_METHOD_0("off", pin_off, PYR_NOTHING),
    PYR_METHOD_0("toggle", pin_toggle, PYR_NOTHING),
};

static const struct pyr_constant pin_constants[] = {
    PYR_CONSTANT("IN", IN),           PYR_CONSTANT("OUT", OUT),
    PYR_CONSTANT("OPEN_DRAIN", OPEN_DRAIN), PYR_CONSTANT("PULL_UP", PULL_UP),
    PYR_CONSTANT("PULL_DOWN", PULL_DOWN),
};

static const struct pyr_class pin_class = {
    .abi_size = sizeof pin_class,
    .data_size = sizeof(struct pin),
    .name = "Pin",
    .members = pin_members,
    .constants = pin_constants,
    .n_members = ARRAY_SIZE(pin_members),
    .n_constants = ARRAY_SIZE(pin_constants),
};

/* ---- The module --------------------------------------------------------------------------------------------------------- */

static const struct pyr_class *const classes[] = {&pin_class};

static const struct pyr_module machine = {
    .abi_size = sizeof machine,
    .name = "machine",
    .classes = classes,
    .n_classes = ARRAY_SIZE(classes),
};
PYR_ZEPHYR_MODULE(machine);
