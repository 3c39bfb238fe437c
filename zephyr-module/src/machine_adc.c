/* machine_adc.c: machine.ADC on Zephyr's ADC drivers: ADC(("adc0", 1)) is a device and a channel.
 *
 * Gain, reference, time and resolution are those of the devicetree's node of the channel, where it has one; otherwise gain 1,
 * the internal reference, the driver's time and CONFIG_PYRITE_MACHINE_ADC_BITS. Nothing here divides before it multiplies.
 */
#include "machine.h"

#include <zephyr/drivers/adc.h>

#include <string.h>

static const char *const prefixes[] = {"adc", "saadc", "lpadc", NULL};
PYR_ZEPHYR_IS_BY_PREFIX(adc, prefixes)
static const struct pyr_zephyr_class class = {is, prefixes};

struct described {
    const char *device;
    struct adc_channel_cfg config;
    uint8_t bits;
    uint16_t vref_mv;
};
#define CHANNEL(node)                                                                                                   \
    {DEVICE_DT_NAME(DT_PARENT(node)), ADC_CHANNEL_CFG_DT(node),                                                        \
     DT_PROP_OR(node, zephyr_resolution, CONFIG_PYRITE_MACHINE_ADC_BITS), DT_PROP_OR(node, zephyr_vref_mv, 0)},
#define CHANNEL_IF(node) COND_CODE_1(DT_NODE_HAS_PROP(node, zephyr_gain), (CHANNEL(node)), ())
static const struct described described[] = {DT_FOREACH_STATUS_OKAY_NODE(CHANNEL_IF) {NULL, {0}, 0, 0}};

struct input {
    int handle; /* of the device, plus one; 0: free */
    struct adc_channel_cfg config;
    uint8_t bits;
    uint16_t vref_mv;
};
static struct input inputs[CONFIG_PYRITE_MACHINE_ADCS];
static K_MUTEX_DEFINE(guard); /* one sample at a time, and `inputs` */

static struct input wanted(const struct device *device, int32_t channel, const struct pyr_adc_config *config) {
    struct input input = {.bits = CONFIG_PYRITE_MACHINE_ADC_BITS,
                          .config = {.gain = ADC_GAIN_1,
                                     .reference = ADC_REF_INTERNAL,
                                     .acquisition_time = ADC_ACQ_TIME_DEFAULT,
                                     .channel_id = (uint8_t)channel}};
    for (const struct described *known = described; known->device != NULL; known++) {
        if (strcmp(known->device, device->name) != 0 || known->config.channel_id != channel) continue;
        input.config = known->config;
        input.bits = known->bits;
        input.vref_mv = known->vref_mv;
    }
    if (config->sample_ns >= 0) {
        input.config.acquisition_time = ADC_ACQ_TIME(ADC_ACQ_TIME_NANOSECONDS, (uint16_t)config->sample_ns);
    }
    if (input.vref_mv == 0 && input.config.reference == ADC_REF_INTERNAL) input.vref_mv = adc_ref_internal(device);
    return input;
}

static int adc_open(void *user, const struct pyr_id *id, const struct pyr_adc_config *config) {
    ARG_UNUSED(user);
    struct pyr_id of_device = *id;
    if (id->label != NULL) of_device.number = -1;
    int handle = pyr_zephyr_open(&of_device, &class), place = -1;
    if (handle < 0) return handle;
    const int32_t channel = id->number;
    if (id->label == NULL || channel < 0 || channel > UINT8_MAX) return PYR_ENODEV;
    if (config->atten >= 0 || config->sample_ns > (int32_t)ADC_ACQ_TIME_MAX) return PYR_EINVAL;
    struct input input = wanted(pyr_zephyr_at(handle), channel, config);
    input.handle = handle + 1;
    k_mutex_lock(&guard, K_FOREVER);
    for (int i = 0; i < (int)ARRAY_SIZE(inputs); i++) {
        if (inputs[i].handle == handle + 1 && inputs[i].config.channel_id == channel) {
            place = i;
            break;
        }
        if (inputs[i].handle == 0 && place < 0) place = i;
    }
    int result = place < 0 ? PYR_ENOMEM : adc_channel_setup(pyr_zephyr_at(handle), &input.config);
    if (result == 0) inputs[place] = input;
    k_mutex_unlock(&guard);
    return result == 0 ? place : result == PYR_ENOMEM ? result : PYR_EINVAL;
}

/* A sample as the driver gives it, never below 0. */
static int sample(struct input *input, uint32_t *out) {
    uint32_t value = 0;
    struct adc_sequence sequence = {.channels = BIT(input->config.channel_id),
                                    .buffer = &value,
                                    .buffer_size = sizeof value,
                                    .resolution = input->bits};
    k_mutex_lock(&guard, K_FOREVER);
    int result = adc_read(pyr_zephyr_at(input->handle - 1), &sequence);
    k_mutex_unlock(&guard);
    if (result < 0) return pyr_zephyr_errno(result);
    /* Up to 16 bits a driver writes two bytes, signed where the input is differential. */
    int32_t level = input->bits > 16 ? (int32_t)value : input->config.differential ? (int16_t)value : (int32_t)(uint16_t)value;
    *out = (uint32_t)MAX(level, 0);
    return 0;
}

static int32_t adc_read_u16(void *user, int adc) {
    ARG_UNUSED(user);
    struct input *input = &inputs[adc];
    uint32_t value;
    int result = sample(input, &value);
    if (result < 0) return result;
    if (input->bits >= 16) return (int32_t)MIN(value >> (input->bits - 16), UINT16_MAX);
    /* The bits repeat below, so that the highest sample is 65535. */
    uint32_t most = BIT_MASK(input->bits);
    return (int32_t)((uint64_t)MIN(value, most) * UINT16_MAX / most);
}

static int adc_read_uv(void *user, int adc, int32_t *out) {
    ARG_UNUSED(user);
    struct input *input = &inputs[adc];
    uint32_t value;
    int32_t range = input->vref_mv * 1000;
    if (range == 0 || adc_gain_invert(input->config.gain, &range) != 0) return PYR_EOPNOTSUPP;
    int result = sample(input, &value);
    if (result < 0) return result;
    *out = (int32_t)(((int64_t)value * range) >> input->bits);
    return 0;
}

static void adc_close(void *user, int adc) {
    ARG_UNUSED(user);
    k_mutex_lock(&guard, K_FOREVER);
    inputs[adc].handle = 0;
    k_mutex_unlock(&guard);
}

const struct pyr_adc_ops pyr_zephyr_adc_ops = {
    .abi_size = sizeof pyr_zephyr_adc_ops,
    .open = adc_open,
    .read_u16 = adc_read_u16,
    .read_uv = adc_read_uv,
    .close = adc_close,
};
