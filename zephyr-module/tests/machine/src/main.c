/* main.c: the far ends of this test's devices, and a module `board` by which Python works them. */
#include <zephyr/drivers/adc/adc_emul.h>
#include <zephyr/drivers/emul.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/drivers/spi.h>
#include <zephyr/drivers/spi_emul.h>
#include <zephyr/drivers/watchdog.h>

#include <errno.h>

#include "pyrite_zephyr.h"

#ifndef DEVICE_API /* before 4.1 */
#define DEVICE_API(class, name) const struct class##_driver_api name
#endif

/* ---- SPI: answers each byte with its complement -------------------------------------------------------------------------- */

static uint32_t spi_frequency;

static int echo(const struct emul *target, const struct spi_config *config, const struct spi_buf_set *out,
                const struct spi_buf_set *in) {
    ARG_UNUSED(target);
    spi_frequency = config->frequency;
    if (in == NULL) return 0;
    for (size_t i = 0; i < in->buffers[0].len; i++) {
        ((uint8_t *)in->buffers[0].buf)[i] = (uint8_t)~((const uint8_t *)out->buffers[0].buf)[i];
    }
    return 0;
}
static const struct spi_emul_api echo_api = {.io = echo};

static int echo_init(const struct emul *target, const struct device *parent) {
    ARG_UNUSED(target), ARG_UNUSED(parent);
    return 0;
}

static int no_init(const struct device *device) {
    ARG_UNUSED(device);
    return 0;
}
DEVICE_DT_DEFINE(DT_NODELABEL(echo), no_init, NULL, NULL, NULL, POST_KERNEL, 90, NULL);
EMUL_DT_DEFINE(DT_NODELABEL(echo), echo_init, NULL, NULL, &echo_api, NULL);

/* ---- A watchdog that only counts --------------------------------------------------------------------------------------------- */

static struct {
    uint32_t fed, max;
    bool running;
} dog;

static int dog_setup(const struct device *device, uint8_t options) {
    ARG_UNUSED(device);
    if (options != 0) return -ENOTSUP;
    dog.running = true;
    return 0;
}

static int dog_disable(const struct device *device) {
    ARG_UNUSED(device);
    return -EPERM;
}

static int dog_install(const struct device *device, const struct wdt_timeout_cfg *config) {
    ARG_UNUSED(device);
    if (dog.running) return -EBUSY;
    if (config->window.max > 10000) return -EINVAL;
    dog.max = config->window.max;
    return 2;
}

static int dog_feed(const struct device *device, int channel) {
    ARG_UNUSED(device);
    if (channel != 2) return -EINVAL;
    dog.fed++;
    return 0;
}

static DEVICE_API(wdt, dog_api) = {
    .setup = dog_setup, .disable = dog_disable, .install_timeout = dog_install, .feed = dog_feed};
DEVICE_DT_DEFINE(DT_NODELABEL(wdt0), no_init, NULL, NULL, NULL, POST_KERNEL, 40, &dog_api);

/* ---- The module --------------------------------------------------------------------------------------------------------------- */

#define NATIVE pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result
#define GPIO DEVICE_DT_GET(DT_NODELABEL(gpio0))

static int errno_or(pyr_vm *vm, int outcome) { return outcome < 0 ? pyr_raise_errno(vm, -outcome) : PYR_OK; }

static int set_input(NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    return errno_or(vm, gpio_emul_input_set(GPIO, (gpio_pin_t)args[0].i32, args[1].i32));
}

static int output(NATIVE) {
    ARG_UNUSED(self);
    result->i32 = gpio_emul_output_get(GPIO, (gpio_pin_t)args[0].i32);
    return errno_or(vm, result->i32);
}

static int flags(NATIVE) {
    ARG_UNUSED(self);
    gpio_flags_t now = 0;
    int outcome = gpio_emul_flags_get(GPIO, (gpio_pin_t)args[0].i32, &now);
    result->u32 = now;
    return errno_or(vm, outcome);
}

static int set_adc(NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(result);
    return errno_or(vm, adc_emul_const_value_set(DEVICE_DT_GET(DT_NODELABEL(adc0)), args[0].u32, args[1].u32));
}

static int fed(NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args);
    result->u32 = dog.fed;
    return PYR_OK;
}

static int dog_ms(NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args);
    result->u32 = dog.max;
    return PYR_OK;
}

static int spi_hz(NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(self), ARG_UNUSED(args);
    result->u32 = spi_frequency;
    return PYR_OK;
}

static const struct pyr_param two[] = {PYR_PARAM("n", PYR_INT), PYR_PARAM("value", PYR_INT)};
static const struct pyr_param one[] = {PYR_PARAM("n", PYR_INT)};
static const struct pyr_native functions[] = {
    PYR_FUNCTION("set_input", set_input, two, PYR_NOTHING),
    PYR_FUNCTION("output", output, one, PYR_INT),
    PYR_FUNCTION("flags", flags, one, PYR_UINT),
    PYR_FUNCTION("set_adc", set_adc, two, PYR_NOTHING),
    PYR_FUNCTION_0("fed", fed, PYR_UINT),
    PYR_FUNCTION_0("dog_ms", dog_ms, PYR_UINT),
    PYR_FUNCTION_0("spi_hz", spi_hz, PYR_UINT),
};
static const struct pyr_constant constants[] = {
    PYR_CONSTANT("PULL_UP", GPIO_PULL_UP),
    PYR_CONSTANT("PULL_DOWN", GPIO_PULL_DOWN),
};
static const struct pyr_module board = {.abi_size = sizeof board,
                                        .name = "board",
                                        .functions = functions,
                                        .n_functions = ARRAY_SIZE(functions),
                                        .constants = constants,
                                        .n_constants = ARRAY_SIZE(constants)};
PYR_ZEPHYR_MODULE(board);
