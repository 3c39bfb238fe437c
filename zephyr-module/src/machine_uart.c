/* machine_uart.c: machine.UART on Zephyr's interrupt-driven serial drivers: UART("uart1"), or UART(1).
 *
 * Bytes wait in two rings of fixed size. The interrupt takes what has come and sends what waits; a ring is guarded by the
 * UART's lock, because the interrupt and a thread are at both ends. The UART that the console or the shell reads is not to be
 * had. Pins and inverted lines are the devicetree's.
 */
#include "machine.h"

#include <zephyr/drivers/uart.h>

static const char *const prefixes[] = {"uart", "usart", "lpuart", "serial", NULL};
PYR_ZEPHYR_IS_BY_PROPERTY(uart, hw_flow_control)
static const struct pyr_zephyr_class class = {is, prefixes};

struct ring {
    uint32_t head, count;
    uint8_t bytes[CONFIG_PYRITE_MACHINE_UART_RING];
};

struct uart {
    int handle; /* of the device, plus one; 0: free */
    const struct device *device;
    struct k_spinlock lock; /* guards what follows */
    struct ring rx, tx;
    uint32_t trigger;
    bool full; /* tx had no room for all that was to be sent */
    struct pyr_zephyr_source source;
};
static struct uart uarts[CONFIG_PYRITE_MACHINE_UARTS];
static K_MUTEX_DEFINE(guard);

static uint32_t put(struct ring *ring, const uint8_t *bytes, uint32_t len) {
    uint32_t count = MIN(len, sizeof ring->bytes - ring->count);
    for (uint32_t i = 0; i < count; i++) ring->bytes[(ring->head + ring->count + i) % sizeof ring->bytes] = bytes[i];
    ring->count += count;
    return count;
}

static uint32_t get(struct ring *ring, uint8_t *bytes, uint32_t len) {
    uint32_t count = MIN(len, ring->count);
    for (uint32_t i = 0; i < count; i++) bytes[i] = ring->bytes[(ring->head + i) % sizeof ring->bytes];
    ring->head = (ring->head + count) % sizeof ring->bytes;
    ring->count -= count;
    return count;
}

/* Bytes that find no room are lost, as in a UART without flow control. */
static uint32_t take_received(struct uart *uart) {
    uint8_t bytes[16];
    bool none = uart->rx.count == 0;
    int count;
    while ((count = uart_fifo_read(uart->device, bytes, sizeof bytes)) > 0) (void)put(&uart->rx, bytes, (uint32_t)count);
    return none && uart->rx.count > 0 ? PYR_UART_RX : 0;
}

/* Sends what the driver takes; what it does not stays at the ring's head. */
static uint32_t send_waiting(struct uart *uart) {
    while (uart->tx.count > 0) {
        uint32_t piece = MIN(uart->tx.count, sizeof uart->tx.bytes - uart->tx.head);
        int count = uart_fifo_fill(uart->device, uart->tx.bytes + uart->tx.head, (int)piece);
        if (count <= 0) break;
        uart->tx.head = (uart->tx.head + (uint32_t)count) % sizeof uart->tx.bytes;
        uart->tx.count -= (uint32_t)count;
    }
    uint32_t flags = uart->full && uart->tx.count < sizeof uart->tx.bytes ? PYR_UART_TX_ROOM : 0;
    if (flags != 0) uart->full = false;
    if (uart->tx.count == 0) {
        bool done = uart_irq_tx_complete(uart->device) > 0;
        if (done) flags |= PYR_UART_TX_IDLE;
        /* Until the last byte has left the interrupt would come again and again: only for one who wants to be told. */
        if (done || (uart->trigger & PYR_UART_TX_IDLE) == 0) uart_irq_tx_disable(uart->device);
    }
    return flags;
}

static void on_interrupt(const struct device *device, void *user) {
    struct uart *uart = user;
    uint32_t flags = 0;
    k_spinlock_key_t key = k_spin_lock(&uart->lock);
    while (uart_irq_update(device) > 0 && uart_irq_is_pending(device) > 0) {
        uint32_t before = uart->tx.count;
        if (uart_irq_rx_ready(device) > 0) flags |= take_received(uart);
        bool ready = uart_irq_tx_ready(device) > 0;
        if (ready) flags |= send_waiting(uart);
        if (uart_irq_rx_ready(device) <= 0 && uart->tx.count == before) break;
    }
    flags &= uart->trigger;
    k_spin_unlock(&uart->lock, key);
    if (flags != 0) pyr_zephyr_tell(&uart->source, flags);
}

/* ---- Opening ------------------------------------------------------------------------------------------------------------------ */

static bool is_taken(const struct device *device) {
#if defined(CONFIG_PYRITE_CONSOLE_UART)
    if (device == DEVICE_DT_GET(DT_CHOSEN(zephyr_console))) return true;
#endif
#if defined(CONFIG_SHELL_BACKEND_SERIAL) && DT_HAS_CHOSEN(zephyr_shell_uart)
    if (device == DEVICE_DT_GET(DT_CHOSEN(zephyr_shell_uart))) return true;
#endif
    ARG_UNUSED(device);
    return false;
}

/* 0; EINVAL where the driver cannot be set up like that. */
static int set_up(const struct device *device, const struct pyr_uart_config *config) {
    bool any = config->baudrate >= 0 || config->bits >= 0 || config->parity >= 0 || config->stop >= 0 || config->flow >= 0;
    if (config->invert > 0 || config->tx >= 0 || config->rx >= 0 || config->rts >= 0 || config->cts >= 0) return PYR_EINVAL;
    if (!any) return 0;
#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
    static const uint8_t parities[] = {UART_CFG_PARITY_EVEN, UART_CFG_PARITY_ODD, UART_CFG_PARITY_NONE};
    static const uint8_t sizes[] = {UART_CFG_DATA_BITS_5, UART_CFG_DATA_BITS_6, UART_CFG_DATA_BITS_7, UART_CFG_DATA_BITS_8,
                                    UART_CFG_DATA_BITS_9};
    struct uart_config wanted;
    if (uart_config_get(device, &wanted) != 0) {
        wanted = (struct uart_config){.baudrate = 115200,
                                      .parity = UART_CFG_PARITY_NONE,
                                      .stop_bits = UART_CFG_STOP_BITS_1,
                                      .data_bits = UART_CFG_DATA_BITS_8,
                                      .flow_ctrl = UART_CFG_FLOW_CTRL_NONE};
    }
    if (config->baudrate >= 0) wanted.baudrate = (uint32_t)config->baudrate;
    if (config->bits >= 0) {
        if (config->bits < 5 || config->bits > 9) return PYR_EINVAL;
        wanted.data_bits = sizes[config->bits - 5];
    }
    if (config->parity >= 0) wanted.parity = parities[MIN(config->parity, 2)];
    if (config->stop >= 0) wanted.stop_bits = config->stop == 2 ? UART_CFG_STOP_BITS_2 : UART_CFG_STOP_BITS_1;
    if (config->flow >= 0) {
        /* Zephyr has both lines or none. */
        if (config->flow != 0 && config->flow != (PYR_UART_LINE_RTS | PYR_UART_LINE_CTS)) return PYR_EINVAL;
        wanted.flow_ctrl = config->flow != 0 ? UART_CFG_FLOW_CTRL_RTS_CTS : UART_CFG_FLOW_CTRL_NONE;
    }
    return uart_configure(device, &wanted) == 0 ? 0 : PYR_EINVAL;
#else
    ARG_UNUSED(device);
    return PYR_EINVAL;
#endif
}

static void stop(struct uart *uart) {
    uart_irq_rx_disable(uart->device);
    uart_irq_tx_disable(uart->device);
    pyr_zephyr_set_notify(&uart->source, NULL);
}

static int begin(struct uart *uart, int handle, const struct device *device, const struct pyr_uart_config *config) {
    if (uart->handle != 0) stop(uart);
    int result = set_up(device, config);
    if (result < 0) {
        if (uart->handle != 0) uart_irq_rx_enable(device);
        return result;
    }
    if (uart->handle == 0) {
        k_spinlock_key_t key = k_spin_lock(&uart->lock);
        uart->device = device;
        uart->rx.count = uart->tx.count = 0;
        uart->trigger = 0;
        uart->full = false;
        k_spin_unlock(&uart->lock, key);
        if (uart_irq_callback_user_data_set(device, on_interrupt, uart) != 0) return PYR_EINVAL;
        uart->handle = handle + 1;
    }
    uart_irq_rx_enable(device);
    return 0;
}

static int uart_open(void *user, const struct pyr_id *id, const struct pyr_uart_config *config) {
    ARG_UNUSED(user);
    int handle = pyr_zephyr_open(id, &class), place = -1, result = PYR_ENOMEM;
    if (handle < 0) return handle;
    const struct device *device = pyr_zephyr_at(handle);
    if (is_taken(device)) return PYR_EBUSY;
    k_mutex_lock(&guard, K_FOREVER);
    for (int i = 0; i < (int)ARRAY_SIZE(uarts); i++) {
        if (uarts[i].handle == handle + 1) {
            place = i;
            break;
        }
        if (uarts[i].handle == 0 && place < 0) place = i;
    }
    if (place >= 0) result = begin(&uarts[place], handle, device, config);
    k_mutex_unlock(&guard);
    return result < 0 ? result : place;
}

static void uart_close(void *user, int handle) {
    ARG_UNUSED(user);
    k_mutex_lock(&guard, K_FOREVER);
    stop(&uarts[handle]);
    uarts[handle].handle = 0;
    k_mutex_unlock(&guard);
}

/* ---- Bytes --------------------------------------------------------------------------------------------------------------------- */

static int32_t uart_read(void *user, int handle, uint8_t *buf, size_t len) {
    ARG_UNUSED(user);
    struct uart *uart = &uarts[handle];
    k_spinlock_key_t key = k_spin_lock(&uart->lock);
    uint32_t count = get(&uart->rx, buf, (uint32_t)MIN(len, sizeof uart->rx.bytes));
    k_spin_unlock(&uart->lock, key);
    return (int32_t)count;
}

static int32_t uart_write(void *user, int handle, const uint8_t *buf, size_t len) {
    ARG_UNUSED(user);
    struct uart *uart = &uarts[handle];
    k_spinlock_key_t key = k_spin_lock(&uart->lock);
    uint32_t count = put(&uart->tx, buf, (uint32_t)MIN(len, sizeof uart->tx.bytes));
    if (count < len) uart->full = true;
    k_spin_unlock(&uart->lock, key);
    if (count > 0) uart_irq_tx_enable(uart->device);
    return (int32_t)count;
}

static int32_t uart_any(void *user, int handle) {
    ARG_UNUSED(user);
    return (int32_t)uarts[handle].rx.count;
}

static int uart_tx_done(void *user, int handle) {
    ARG_UNUSED(user);
    return uarts[handle].tx.count == 0 && uart_irq_tx_complete(uarts[handle].device) > 0;
}

static int uart_irq(void *user, int handle, uint32_t trigger, const struct pyr_notify *notify) {
    ARG_UNUSED(user);
    struct uart *uart = &uarts[handle];
    const uint32_t known = PYR_UART_RX | PYR_UART_TX_IDLE | PYR_UART_TX_ROOM;
    if (notify != NULL && (trigger & ~known) != 0) return PYR_EINVAL;
    k_mutex_lock(&guard, K_FOREVER);
    bool others = pyr_zephyr_is_others(&uart->source, notify);
    if (!others) {
        pyr_zephyr_set_notify(&uart->source, NULL);
        k_spinlock_key_t key = k_spin_lock(&uart->lock);
        uart->trigger = notify != NULL ? trigger : 0;
        k_spin_unlock(&uart->lock, key);
        pyr_zephyr_set_notify(&uart->source, notify);
    }
    k_mutex_unlock(&guard);
    return others ? PYR_EBUSY : 0;
}

const struct pyr_uart_ops pyr_zephyr_uart_ops = {
    .abi_size = sizeof pyr_zephyr_uart_ops,
    .open = uart_open,
    .read = uart_read,
    .write = uart_write,
    .any = uart_any,
    .tx_done = uart_tx_done,
    .irq = uart_irq,
    .close = uart_close,
};
