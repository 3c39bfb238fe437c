/* machine_i2c.c: machine.I2C on Zephyr's I2C drivers: I2C("i2c0"), or I2C(0) for the same.
 *
 * Pins are the devicetree's, and no driver takes a time for clock stretching. Zephyr says -EIO both for an address that
 * nobody answers and for other faults. A transfer that is to leave the bus claimed needs I2C_ALLOW_NO_STOP_TRANSACTIONS.
 */
#include "machine.h"

#include <zephyr/drivers/i2c.h>

#include <string.h>

static const char *const prefixes[] = {"i2c", "lpi2c", "twi", "twim", NULL};
PYR_ZEPHYR_IS_BY_PROPERTY(i2c, sq_size)
static const struct pyr_zephyr_class class = {is, prefixes};

/* Zephyr's speeds, the highest first. */
static const struct {
    uint32_t hz, speed;
} speeds[] = {
    {3400000, I2C_SPEED_HIGH},
    {1000000, I2C_SPEED_FAST_PLUS},
    {400000, I2C_SPEED_FAST},
    {100000, I2C_SPEED_STANDARD},
};

static int bus_open(void *user, const struct pyr_id *id, const struct pyr_i2c_config *config) {
    ARG_UNUSED(user);
    int handle = pyr_zephyr_open(id, &class), result = -EINVAL;
    if (handle < 0) return handle;
    if (config->scl >= 0 || config->sda >= 0) return PYR_EINVAL;
    for (size_t i = 0; i < ARRAY_SIZE(speeds) && result < 0; i++) {
        if (speeds[i].hz > config->freq_hz) continue;
        result = i2c_configure(pyr_zephyr_at(handle), I2C_MODE_CONTROLLER | I2C_SPEED_SET(speeds[i].speed));
        if (result == -ENOSYS) result = 0; /* its speed is the devicetree's */
    }
    return result < 0 ? PYR_EINVAL : handle;
}

/* More than any method of machine.I2C makes. */
#define MOST_MESSAGES 4

/* Parts that follow each other in one direction are one stretch of bytes. Drivers take several messages for that, but not
 * all hardware can: written ones are put together as far as `joined` goes. */
static int bus_transfer(void *user, int bus, uint16_t address, const struct pyr_i2c_part *parts, size_t n) {
    ARG_UNUSED(user);
    struct i2c_msg messages[MOST_MESSAGES];
    uint8_t joined[CONFIG_PYRITE_MACHINE_I2C_JOINED];
    size_t written = 0, used = 0, count = 0;
    if ((parts[n - 1].flags & PYR_I2C_STOP) == 0 && !IS_ENABLED(CONFIG_I2C_ALLOW_NO_STOP_TRANSACTIONS)) return PYR_EOPNOTSUPP;
    for (size_t i = 0; i < n; i++) {
        bool read = (parts[i].flags & PYR_I2C_READ) != 0;
        uint8_t stop = (parts[i].flags & PYR_I2C_STOP) != 0 ? I2C_MSG_STOP : 0;
        struct i2c_msg *last = count > 0 ? &messages[count - 1] : NULL;
        bool turn = last != NULL && read != ((last->flags & I2C_MSG_READ) != 0);
        if (!read) written += parts[i].len;
        if (last != NULL && !read && !turn && (last->flags & I2C_MSG_STOP) == 0) {
            bool ours = last->buf >= joined && last->buf < joined + sizeof joined;
            size_t more = parts[i].len + (ours ? 0 : last->len);
            if (more <= sizeof joined - used) {
                if (!ours) last->buf = memcpy(joined + used, last->buf, last->len);
                memcpy(last->buf + last->len, parts[i].data, parts[i].len);
                last->len += (uint32_t)parts[i].len;
                last->flags |= stop;
                used += more;
                continue;
            }
        }
        if (count == ARRAY_SIZE(messages)) return PYR_E2BIG;
        messages[count++] = (struct i2c_msg){
            .buf = parts[i].data,
            .len = (uint32_t)parts[i].len,
            .flags = (uint8_t)((read ? I2C_MSG_READ : I2C_MSG_WRITE) | (turn ? I2C_MSG_RESTART : 0) | stop |
                               (address > 0x7f ? I2C_MSG_ADDR_10_BITS : 0)),
        };
    }
    int result = i2c_transfer(pyr_zephyr_at(bus), messages, (uint8_t)count, address);
    return result < 0 ? pyr_zephyr_errno(result) : (int)written;
}

/* As Zephyr's own `i2c scan`: a write of nothing. */
static int bus_probe(void *user, int bus, uint16_t address) {
    uint8_t nothing;
    struct pyr_i2c_part part = {.data = &nothing, .flags = PYR_I2C_STOP};
    return bus_transfer(user, bus, address, &part, 1) >= 0;
}

static void bus_close(void *user, int bus) { ARG_UNUSED(user), ARG_UNUSED(bus); }

const struct pyr_i2c_ops pyr_zephyr_i2c_ops = {
    .abi_size = sizeof pyr_zephyr_i2c_ops,
    .open = bus_open,
    .transfer = bus_transfer,
    .probe = bus_probe,
    .close = bus_close,
};
