/* machine_pin.c: machine.Pin on Zephyr's GPIO drivers.
 *
 *   Pin(("gpio0", 5))   a controller's name or label, and the pin's number
 *   Pin("led0")         an alias or label of a devicetree node with a `gpios` property, active level included
 *
 * A handle is the controller's number in `controllers` times 32, plus the pin; one of a pin that is active low has INVERTED
 * as well, so one pin may have two. What a pin was set up as is remembered, because `configure` may leave parts as they are
 * and not every driver can tell. Level triggers are edges here, and a look at the level when they are set: a level is told
 * once each time it comes about.
 */
#include "machine.h"

#include <zephyr/drivers/gpio.h>

#include <string.h>

#define PINS 32
#define INVERTED 0x10000

/* ---- Names ------------------------------------------------------------------------------------------------------------------ */

#define NAME_IF_GPIO(node) COND_CODE_1(DT_NODE_HAS_PROP(node, gpio_controller), (DEVICE_DT_NAME(node),), ())
static const char *const controllers[] = {DT_FOREACH_STATUS_OKAY_NODE(NAME_IF_GPIO) NULL};
#define CONTROLLERS (ARRAY_SIZE(controllers) - 1)

struct named {
    const char *name, *controller;
    uint8_t pin;
    bool inverted;
};

#define GPIO_OF(node)                                                                                                   \
    DEVICE_DT_NAME(DT_GPIO_CTLR(node, gpios)), DT_GPIO_PIN(node, gpios),                                               \
        (DT_GPIO_FLAGS(node, gpios) & GPIO_ACTIVE_LOW) != 0
#define NAMED_IF(name, node)                                                                                            \
    COND_CODE_1(DT_NODE_HAS_PROP(node, gpios), ({name, GPIO_OF(node)},), ())
#define BY_LABEL(label) NAMED_IF(STRINGIFY(label), DT_NODELABEL(label))
#define LABELS_OF(node) COND_CODE_1(DT_NODE_HAS_PROP(node, gpios), (DT_FOREACH_NODELABEL(node, BY_LABEL)), ())
/* C cannot list aliases: these are the names that Zephyr's boards use. */
static const struct named named[] = {
    NAMED_IF("led0", DT_ALIAS(led0)) NAMED_IF("led1", DT_ALIAS(led1)) NAMED_IF("led2", DT_ALIAS(led2))
    NAMED_IF("led3", DT_ALIAS(led3)) NAMED_IF("sw0", DT_ALIAS(sw0)) NAMED_IF("sw1", DT_ALIAS(sw1))
    NAMED_IF("sw2", DT_ALIAS(sw2)) NAMED_IF("sw3", DT_ALIAS(sw3))
    DT_FOREACH_STATUS_OKAY_NODE(LABELS_OF) {NULL, NULL, 0, false},
};

/* ---- State ------------------------------------------------------------------------------------------------------------------ */

struct port {
    const struct device *device; /* NULL until a pin of it is found */
    gpio_port_pins_t out, open_drain, up, down, high; /* bits of pins; `high` is what outputs drive */
};
static struct port ports[CONTROLLERS + 1];
static struct k_spinlock lock; /* guards `ports` */

/* Pins with a handler. */
struct watched {
    struct gpio_callback callback;
    struct pyr_zephyr_source source;
    int pin; /* handle */
    uint32_t trigger;
    bool used;
};
static struct watched watched[CONFIG_PYRITE_MACHINE_PIN_IRQS];
static K_MUTEX_DEFINE(guard); /* guards `watched` */

static struct port *port_of(int pin) { return &ports[(pin & ~INVERTED) / PINS]; }
static gpio_pin_t number_of(int pin) { return (gpio_pin_t)(pin % PINS); }
static int inverted(int pin) { return (pin & INVERTED) != 0; }

static int handle_of(const char *controller, uint32_t number) {
    for (size_t i = 0; i < CONTROLLERS; i++) {
        const struct device *device = ports[i].device != NULL ? ports[i].device : device_get_binding(controllers[i]);
        if (device == NULL || !pyr_zephyr_is_named(device, controller)) continue;
        const struct gpio_driver_config *known = device->config;
        if (number >= PINS || !(known->port_pin_mask & BIT(number))) return PYR_ENODEV;
        ports[i].device = device;
        return (int)(i * PINS + number);
    }
    return PYR_ENODEV;
}

static int pin_find(void *user, const struct pyr_id *id) {
    ARG_UNUSED(user);
    if (id->label == NULL || id->bank >= 0) return PYR_ENODEV;
    if (id->number >= 0) return handle_of(id->label, (uint32_t)id->number);
    for (const struct named *pin = named; pin->name != NULL; pin++) {
        if (strcmp(pin->name, id->label) != 0) continue;
        int handle = handle_of(pin->controller, pin->pin);
        return handle < 0 ? handle : handle | (pin->inverted ? INVERTED : 0);
    }
    return PYR_ENODEV;
}

/* ---- Levels ------------------------------------------------------------------------------------------------------------------ */

static int pin_read(void *user, int pin) {
    ARG_UNUSED(user);
    struct port *port = port_of(pin);
    gpio_port_pins_t bit = BIT(number_of(pin));
    int level = (port->out & bit) != 0 ? (port->high & bit) != 0 : gpio_pin_get_raw(port->device, number_of(pin));
    return level < 0 ? pyr_zephyr_errno(level) : level ^ inverted(pin);
}

static int pin_write(void *user, int pin, int level) {
    ARG_UNUSED(user);
    struct port *port = port_of(pin);
    level ^= inverted(pin);
    int result = gpio_pin_set_raw(port->device, number_of(pin), level);
    if (result < 0) return pyr_zephyr_errno(result);
    k_spinlock_key_t key = k_spin_lock(&lock);
    WRITE_BIT(port->high, number_of(pin), level);
    k_spin_unlock(&lock, key);
    return 0;
}

static int pin_configure(void *user, int pin, const struct pyr_pin_config *config) {
    struct port *port = port_of(pin);
    gpio_pin_t number = number_of(pin);
    gpio_port_pins_t bit = BIT(number);
    if (config->drive >= 0 || config->alt >= 0) return PYR_EINVAL;
    if (config->mode < 0 && config->pull < 0) return config->value < 0 ? 0 : pin_write(user, pin, config->value);
    int mode = config->mode;
    if (mode < 0) mode = (port->out & bit) != 0 ? PYR_PIN_OUT : (port->open_drain & bit) != 0 ? PYR_PIN_OPEN_DRAIN : PYR_PIN_IN;
    int pull = config->pull >= 0 ? config->pull
                                 : ((port->up & bit) != 0 ? PYR_PULL_UP : 0) | ((port->down & bit) != 0 ? PYR_PULL_DOWN : 0);
    bool high = config->value >= 0 ? (config->value ^ inverted(pin)) != 0 : (port->high & bit) != 0;
    gpio_flags_t flags;
    switch (mode) {
    case PYR_PIN_IN: flags = GPIO_INPUT; break;
    case PYR_PIN_OUT: flags = GPIO_OUTPUT; break;
    case PYR_PIN_OPEN_DRAIN: flags = GPIO_INPUT | GPIO_OUTPUT | GPIO_OPEN_DRAIN; break;
    default: return PYR_EINVAL;
    }
    if (mode != PYR_PIN_IN && (config->value >= 0 || (port->high & bit) != 0)) {
        flags |= high ? GPIO_OUTPUT_INIT_HIGH : GPIO_OUTPUT_INIT_LOW;
    }
    if (pull & PYR_PULL_UP) flags |= GPIO_PULL_UP;
    if (pull & PYR_PULL_DOWN) flags |= GPIO_PULL_DOWN;
    int result = gpio_pin_configure(port->device, number, flags);
    if (result < 0) return result == -ENOTSUP ? PYR_EINVAL : pyr_zephyr_errno(result);
    k_spinlock_key_t key = k_spin_lock(&lock);
    WRITE_BIT(port->out, number, mode == PYR_PIN_OUT);
    WRITE_BIT(port->open_drain, number, mode == PYR_PIN_OPEN_DRAIN);
    WRITE_BIT(port->up, number, pull & PYR_PULL_UP);
    WRITE_BIT(port->down, number, pull & PYR_PULL_DOWN);
    WRITE_BIT(port->high, number, high);
    k_spin_unlock(&lock, key);
    return 0;
}

/* ---- Events ------------------------------------------------------------------------------------------------------------------ */

#define UP (PYR_PIN_RISING | PYR_PIN_HIGH_LEVEL)
#define DOWN (PYR_PIN_FALLING | PYR_PIN_LOW_LEVEL)

static void on_edge(const struct device *device, struct gpio_callback *callback, gpio_port_pins_t pins) {
    struct watched *pin = CONTAINER_OF(callback, struct watched, callback);
    ARG_UNUSED(pins);
    uint32_t flags = pin->trigger;
    if ((flags & UP) != 0 && (flags & DOWN) != 0) {
        int level = gpio_pin_get_raw(device, number_of(pin->pin));
        if (level >= 0) flags &= (level ^ inverted(pin->pin)) ? UP : DOWN;
    }
    pyr_zephyr_tell(&pin->source, flags);
}

static void stop(struct watched *pin) {
    const struct device *device = port_of(pin->pin)->device;
    (void)gpio_pin_interrupt_configure(device, number_of(pin->pin), GPIO_INT_DISABLE);
    pyr_zephyr_set_notify(&pin->source, NULL);
    (void)gpio_remove_callback(device, &pin->callback);
    pin->used = false;
}

static int watch(int pin, uint32_t trigger, const struct pyr_notify *notify) {
    struct watched *found = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
        if (watched[i].used && watched[i].pin == pin) {
            if (pyr_zephyr_is_others(&watched[i].source, notify)) return PYR_EBUSY;
            stop(&watched[i]);
        }
        if (!watched[i].used && found == NULL) found = &watched[i];
    }
    if (notify == NULL) return 0;
    if (trigger == 0 || (trigger & ~(UP | DOWN)) != 0) return PYR_EINVAL;
    if (found == NULL) return PYR_ENOMEM;
    const struct device *device = port_of(pin)->device;
    uint32_t rising = inverted(pin) ? DOWN : UP;
    gpio_flags_t edges = (trigger & UP) != 0 && (trigger & DOWN) != 0 ? GPIO_INT_EDGE_BOTH
                         : (trigger & rising) != 0                    ? GPIO_INT_EDGE_RISING
                                                                      : GPIO_INT_EDGE_FALLING;
    found->used = true;
    found->pin = pin;
    found->trigger = trigger;
    pyr_zephyr_set_notify(&found->source, notify);
    gpio_init_callback(&found->callback, on_edge, BIT(number_of(pin)));
    int result = gpio_add_callback(device, &found->callback);
    if (result == 0) result = gpio_pin_interrupt_configure(device, number_of(pin), edges);
    if (result < 0) {
        stop(found);
        return result == -ENOTSUP || result == -ENOSYS ? PYR_EINVAL : pyr_zephyr_errno(result);
    }
    /* A level that is there already has come about as well. */
    int level = pin_read(NULL, pin);
    uint32_t now = level < 0 ? 0 : trigger & (level ? PYR_PIN_HIGH_LEVEL : PYR_PIN_LOW_LEVEL);
    if (now != 0) pyr_zephyr_tell(&found->source, now);
    return 0;
}

static int pin_irq(void *user, int pin, uint32_t trigger, const struct pyr_notify *notify) {
    ARG_UNUSED(user);
    k_mutex_lock(&guard, K_FOREVER);
    int result = watch(pin, trigger, notify);
    k_mutex_unlock(&guard);
    return result;
}

const struct pyr_pin_ops pyr_zephyr_pin_ops = {
    .abi_size = sizeof pyr_zephyr_pin_ops,
    .find = pin_find,
    .configure = pin_configure,
    .read = pin_read,
    .write = pin_write,
    .irq = pin_irq,
};
