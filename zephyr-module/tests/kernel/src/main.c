/* main.c: what C has for the Python of this test: a thread that doubles numbers from one queue into another, and channels. */
#include <zephyr/kernel.h>
#include <zephyr/zbus/zbus.h>

#include "pyrite_zephyr.h"

K_MSGQ_DEFINE(orders, sizeof(uint32_t), 4, 4);
K_MSGQ_DEFINE(answers, sizeof(uint32_t), 4, 4);
PYR_ZEPHYR_MESSAGE(orders);
PYR_ZEPHYR_MESSAGE(answers);

struct pair {
    uint16_t a, b;
};

static bool is_small(const void *message, size_t len) {
    ARG_UNUSED(len);
    return ((const struct pair *)message)->a < 1000;
}

ZBUS_CHAN_DEFINE(pairs, struct pair, is_small, NULL, ZBUS_OBSERVERS_EMPTY, ZBUS_MSG_INIT(.a = 1, .b = 2));
ZBUS_CHAN_DEFINE(ticks, uint32_t, NULL, NULL, ZBUS_OBSERVERS_EMPTY, ZBUS_MSG_INIT(0));

/* An order above 100 is answered by as many ticks on the bus, from a thread more urgent than Python's. */
static void doubler(void *a, void *b, void *c) {
    ARG_UNUSED(a), ARG_UNUSED(b), ARG_UNUSED(c);
    for (;;) {
        uint32_t number;
        (void)k_msgq_get(&orders, &number, K_FOREVER);
        if (number <= 100) {
            number *= 2;
            (void)k_msgq_put(&answers, &number, K_FOREVER);
            continue;
        }
        for (uint32_t i = 1; i <= number - 100; i++) (void)zbus_chan_pub(&ticks, &i, K_FOREVER);
    }
}
K_THREAD_DEFINE(doubler_thread, 2048, doubler, NULL, NULL, NULL, 5, 0, 0);
