/* mod_zsensor.c: the Python module `zsensor`, with MicroPython's names: sensors by the names or labels of their devices.
 *
 * Drivers are called without the VM's lock: they use buses, and some sleep. A sensor's value is two numbers, whole and
 * millionths. The constants are what Zephyr's sensor.h has: cmake/sensor.cmake lists them.
 */
#include "common.h"

#include <zephyr/drivers/sensor.h>

struct sensor {
    const struct device *device; /* NULL: the object was not made */
};

static bool is_sensor(const struct device *device) {
#ifdef PYR_ZEPHYR_IS
    return PYR_ZEPHYR_IS(sensor, device);
#else
    STRUCT_SECTION_FOREACH(sensor_info, info) {
        if (info->dev == device) return true;
    }
    return false;
#endif
}

static int sensor_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    const struct device *device;
    char name[PYR_NAME_MAX];
    int status = pyr_zephyr_name(vm, &args[0], "sensor", name);
    if (status >= 0) status = pyr_zephyr_device(vm, name, &device);
    if (status < 0) return status;
    if (!is_sensor(device)) return pyr_zephyr_raise(vm, "ValueError", "not a sensor", name);
    ((struct sensor *)self)->device = device;
    return PYR_OK;
}

enum task { FETCH, GET, GET_ATTRIBUTE, SET_ATTRIBUTE };

/* What a driver writes for a channel such as ACCEL_XYZ; Python gets the first. */
#define MOST_VALUES 3

/* One call of the driver's. */
static int ask(pyr_vm *vm, void *self, enum task task, const pyr_arg *args, struct sensor_value *value) {
    const struct device *device = ((struct sensor *)self)->device;
    int outcome = 0, status;
    if (device == NULL) return pyr_raise(vm, "ValueError", "the sensor was not made");
    if (task == GET && args[0].i32 == SENSOR_CHAN_ALL) return pyr_raise(vm, "ValueError", "one channel at a time");
    enum sensor_channel channel = task == FETCH ? SENSOR_CHAN_ALL : (enum sensor_channel)args[0].i32;
    if ((status = pyr_unlock(vm)) < 0) return status;
    switch (task) {
    case FETCH: outcome = sensor_sample_fetch(device); break;
    case GET: outcome = sensor_channel_get(device, channel, value); break;
    case GET_ATTRIBUTE: outcome = sensor_attr_get(device, channel, (enum sensor_attribute)args[1].i32, value); break;
    case SET_ATTRIBUTE: outcome = sensor_attr_set(device, channel, (enum sensor_attribute)args[1].i32, value); break;
    }
    status = pyr_lock(vm);
    return status < 0 ? status : pyr_zephyr_check(vm, MIN(outcome, 0));
}

static int sensor_measure(PYR_NATIVE) {
    ARG_UNUSED(args), ARG_UNUSED(result);
    return ask(vm, self, FETCH, NULL, NULL);
}

#define GETTERS(unit, member, expression)                                                                              \
    static int get_##unit(PYR_NATIVE) {                                                                                \
        struct sensor_value value[MOST_VALUES] = {0};                                                                  \
        int status = ask(vm, self, GET, args, value);                                                                  \
        if (status >= 0) result->member = (expression);                                                                \
        return status;                                                                                                 \
    }                                                                                                                  \
    static int attr_get_##unit(PYR_NATIVE) {                                                                           \
        struct sensor_value value[MOST_VALUES] = {0};                                                                  \
        int status = ask(vm, self, GET_ATTRIBUTE, args, value);                                                        \
        if (status >= 0) result->member = (expression);                                                                \
        return status;                                                                                                 \
    }
GETTERS(int, i32, value->val1)
GETTERS(millis, i64, value->val1 * INT64_C(1000) + value->val2 / 1000)
GETTERS(micros, i64, value->val1 * INT64_C(1000000) + value->val2)
#ifndef CONFIG_PYRITE_FLOAT_NONE
GETTERS(float, real, sensor_value_to_double(value))
#endif

/* attr_set(channel, attribute, val1[, val2]): a float, or whole and millionths. */
static int attr_set(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct sensor_value value = {.val2 = args[3].i32};
    int status;
    if (args[3].i32 != 0 || pyr_kind(vm, args[2].object) != PYR_IS_FLOAT) {
        status = pyr_get_int32(vm, args[2].object, &value.val1);
        if (status < 0) return status;
    }
#ifndef CONFIG_PYRITE_FLOAT_NONE
    else {
        double number;
        if ((status = pyr_get_float(vm, args[2].object, &number)) < 0) return status;
        if (!(number > INT32_MIN && number < INT32_MAX)) return PYR_E_RANGE;
        (void)sensor_value_from_double(&value, number);
    }
#endif
    return ask(vm, self, SET_ATTRIBUTE, args, &value);
}

static const struct pyr_param make_params[] = {PYR_PARAM("device_name", PYR_STR)};
static const struct pyr_param channel_params[] = {PYR_PARAM("channel", PYR_INT)};
static const struct pyr_param attr_params[] = {PYR_PARAM("channel", PYR_INT), PYR_PARAM("attribute", PYR_INT)};
static const struct pyr_param set_params[] = {PYR_PARAM("channel", PYR_INT), PYR_PARAM("attribute", PYR_INT),
                                              PYR_PARAM("val1", PYR_OBJECT), PYR_PARAM_OR("val2", PYR_INT, 0)};

#define MEMBERS(unit, kind)                                                                                            \
    PYR_METHOD("get_" #unit, get_##unit, channel_params, kind),                                                        \
    PYR_METHOD("attr_get_" #unit, attr_get_##unit, attr_params, kind)
static const struct pyr_native members[] = {
    PYR_METHOD("__init__", sensor_make, make_params, PYR_NOTHING),
    PYR_METHOD_0("measure", sensor_measure, PYR_NOTHING),
    MEMBERS(int, PYR_INT),
    MEMBERS(millis, PYR_INT64),
    MEMBERS(micros, PYR_INT64),
#ifndef CONFIG_PYRITE_FLOAT_NONE
    MEMBERS(float, PYR_FLOAT),
#endif
    PYR_METHOD("attr_set", attr_set, set_params, PYR_NOTHING),
};
static const struct pyr_class sensor_class = PYR_CLASS("Sensor", struct sensor, members);
static const struct pyr_class *const classes[] = {&sensor_class};

#define CHAN(name) PYR_CONSTANT(#name, SENSOR_CHAN_##name),
#define ATTR(name) PYR_CONSTANT("ATTR_" #name, SENSOR_ATTR_##name),
static const struct pyr_constant constants[] = {
#include <pyrite_sensor.inc>
};

static const struct pyr_module zsensor = {
    .abi_size = sizeof zsensor,
    .name = "zsensor",
    .constants = constants,
    .n_constants = ARRAY_SIZE(constants),
    .classes = classes,
    .n_classes = ARRAY_SIZE(classes),
};
PYR_ZEPHYR_MODULE(zsensor);
