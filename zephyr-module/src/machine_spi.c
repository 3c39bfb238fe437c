/* machine_spi.c: machine.SPI on Zephyr's SPI drivers: SPI("spi0"), or SPI(0). Pins are the devicetree's; chip select is the
 * program's business.
 *
 * Zephyr's drivers compare the address of a bus's settings to see whether they have changed, so each bus in use has two
 * places that take turns.
 */
#include "machine.h"

#include <zephyr/drivers/spi.h>

#include <string.h>

static const char *const prefixes[] = {"spi", "lpspi", "spim", NULL};
PYR_ZEPHYR_IS_BY_PREFIX(spi, prefixes)
static const struct pyr_zephyr_class class = {is, prefixes};

struct bus {
    int handle; /* of the device, plus one; 0: free */
    uint8_t turn;
    struct spi_config config[2];
};
static struct bus buses[CONFIG_PYRITE_MACHINE_SPIS];
static K_MUTEX_DEFINE(guard);

static int bus_open(void *user, const struct pyr_id *id, const struct pyr_spi_config *config) {
    ARG_UNUSED(user);
    int device = pyr_zephyr_open(id, &class), place = -1;
    if (device < 0) return device;
    if (config->sck >= 0 || config->mosi >= 0 || config->miso >= 0) return PYR_EINVAL;
    k_mutex_lock(&guard, K_FOREVER);
    for (int i = 0; i < (int)ARRAY_SIZE(buses); i++) {
        if (buses[i].handle == device + 1) {
            place = i;
            break;
        }
        if (buses[i].handle == 0 && place < 0) place = i;
    }
    if (place >= 0) {
        struct bus *bus = &buses[place];
        uint8_t turn = bus->turn ^ 1;
        bus->config[turn] = (struct spi_config){
            .frequency = config->baudrate,
            .operation = (spi_operation_t)(SPI_OP_MODE_MASTER | SPI_WORD_SET(config->bits) |
                                           (config->polarity ? SPI_MODE_CPOL : 0) | (config->phase ? SPI_MODE_CPHA : 0) |
                                           (config->lsb_first ? SPI_TRANSFER_LSB : SPI_TRANSFER_MSB)),
        };
        bus->turn = turn;
        bus->handle = device + 1;
    }
    k_mutex_unlock(&guard);
    return place < 0 ? PYR_ENOMEM : place;
}

static int exchange(const struct bus *bus, const uint8_t *out, uint8_t *in, size_t len) {
    struct spi_buf tx = {.buf = (void *)out, .len = len}, rx = {.buf = in, .len = len};
    struct spi_buf_set txs = {&tx, 1}, rxs = {&rx, 1};
    int result = spi_transceive(pyr_zephyr_at(bus->handle - 1), &bus->config[bus->turn], &txs, in != NULL ? &rxs : NULL);
    return result < 0 ? pyr_zephyr_errno(result) : 0;
}

static int bus_transfer(void *user, int handle, const uint8_t *out, uint8_t *in, size_t len, uint32_t fill) {
    ARG_UNUSED(user);
    const struct bus *bus = &buses[handle];
    uint8_t same[32];
    if (len == 0) return 0;
    if (out != NULL) return exchange(bus, out, in, len);
    uint32_t bits = SPI_WORD_SIZE_GET(bus->config[bus->turn].operation);
    size_t frame = bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
    for (size_t i = 0; i < sizeof same; i += frame) {
        uint8_t one = (uint8_t)fill;
        uint16_t two = (uint16_t)fill;
        memcpy(same + i, frame == 1 ? (void *)&one : frame == 2 ? (void *)&two : (void *)&fill, frame);
    }
    int result = 0;
    for (size_t done = 0; done < len && result == 0; done += sizeof same) {
        result = exchange(bus, same, in != NULL ? in + done : NULL, MIN(len - done, sizeof same));
    }
    return result;
}

static void bus_close(void *user, int handle) {
    ARG_UNUSED(user);
    k_mutex_lock(&guard, K_FOREVER);
    buses[handle].handle = 0;
    k_mutex_unlock(&guard);
}

const struct pyr_spi_ops pyr_zephyr_spi_ops = {
    .abi_size = sizeof pyr_zephyr_spi_ops,
    .open = bus_open,
    .transfer = bus_transfer,
    .close = bus_close,
};
