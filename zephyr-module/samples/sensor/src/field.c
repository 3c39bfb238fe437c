/* field.c: the magnetic field around the emulated sensor: 0.4 gauss, a quarter turn each 100 ms. */
#include <zephyr/drivers/emul.h>
#include <zephyr/drivers/emul_sensor.h>
#include <zephyr/kernel.h>

/* The emulator takes fractions of 2^31. */
#define FIELD ((q31_t)(0.4 * 2147483648.0))

static void put(enum sensor_channel channel, q31_t gauss) {
    const struct emul *compass = EMUL_DT_GET(DT_NODELABEL(compass));
    (void)emul_sensor_backend_set_channel(compass, (struct sensor_chan_spec){channel, 0}, &gauss, 0);
}

static void turn(void *a, void *b, void *c) {
    static const int8_t x[] = {1, 0, -1, 0}, y[] = {0, 1, 0, -1};
    ARG_UNUSED(a), ARG_UNUSED(b), ARG_UNUSED(c);
    for (unsigned int quarter = 0;; quarter = (quarter + 1) % 4) {
        put(SENSOR_CHAN_MAGN_X, x[quarter] * FIELD);
        put(SENSOR_CHAN_MAGN_Y, y[quarter] * FIELD);
        k_msleep(100);
    }
}
K_THREAD_DEFINE(turning, 1024, turn, NULL, NULL, NULL, 5, 0, 0);
