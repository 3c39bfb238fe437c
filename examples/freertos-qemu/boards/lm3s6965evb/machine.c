/* machine.c: what Python finds in `machine` on the LM3S6965: pins of the ports A to E (PL061), FreeRTOS's timers, reset.
 *
 *   Pin(("A", 3)), Pin((0, 3)) and Pin(3) are the same pin; a handle is that last number.
 */
#include "app.h"
#include "cortex_m.h"
#include "pyrite_freertos_machine.h"

enum { INVALID = -22, NO_DEVICE = -19, BUSY = -16 };
enum { PINS = 8 * BOARD_GPIO_PORTS };

/* Registers of a port, in words. DATA is 256 of them: which one says which pins are meant. */
enum {
    DIR = 0x400 / 4, LEVEL = 0x404 / 4, BOTH = 0x408 / 4, EVENT = 0x40C / 4, MASK = 0x410 / 4, MASKED = 0x418 / 4,
    CLEAR = 0x41C / 4, ALTERNATE = 0x420 / 4, OPEN_DRAIN = 0x50C / 4, UP = 0x510 / 4, DOWN = 0x514 / 4, DIGITAL = 0x51C / 4,
};

static volatile uint32_t *port_of(int pin) {
    int port = pin / 8;
    return (volatile uint32_t *)(port < 4 ? 0x40004000u + 0x1000u * (uint32_t)port : 0x40024000u);
}
static uint32_t bit_of(int pin) { return 1u << (pin & 7); }

static void set(volatile uint32_t *where, uint32_t bit, int on) { *where = on ? *where | bit : *where & ~bit; }

/* Who is told of a pin. Changed inside critical sections only: interrupts read it. */
static struct pyr_notify told[PINS];
static uint8_t triggers[PINS];

static int pin_find(void *user, const struct pyr_id *id) {
    (void)user;
    int bank = id->bank;
    if (id->label != NULL && id->label[0] >= 'A' && id->label[0] < 'A' + BOARD_GPIO_PORTS && id->label[1] == 0)
        bank = id->label[0] - 'A';
    else if (id->label != NULL)
        return NO_DEVICE;
    if (bank < 0) return id->number >= 0 && id->number < PINS ? id->number : NO_DEVICE;
    return bank < BOARD_GPIO_PORTS && id->number >= 0 && id->number < 8 ? bank * 8 + id->number : NO_DEVICE;
}

static int pin_write(void *user, int pin, int level) {
    (void)user;
    port_of(pin)[bit_of(pin)] = level ? bit_of(pin) : 0;
    return 0;
}

static int pin_configure(void *user, int pin, const struct pyr_pin_config *config) {
    volatile uint32_t *port = port_of(pin);
    uint32_t bit = bit_of(pin);
    if (config->mode > PYR_PIN_OPEN_DRAIN || config->drive > 0 || config->alt >= 0) return INVALID;
    if (config->pull == (PYR_PULL_UP | PYR_PULL_DOWN)) return INVALID;
    uintptr_t state = pyr_freertos_critical_enter(NULL);
    if (config->pull >= 0) {
        set(&port[UP], bit, config->pull & PYR_PULL_UP);
        set(&port[DOWN], bit, config->pull & PYR_PULL_DOWN);
    }
    if (config->mode >= 0) {
        set(&port[ALTERNATE], bit, 0);
        set(&port[DIGITAL], bit, 1);
        set(&port[OPEN_DRAIN], bit, config->mode == PYR_PIN_OPEN_DRAIN);
        set(&port[DIR], bit, config->mode != PYR_PIN_IN);
    }
    if (config->value >= 0) (void)pin_write(user, pin, config->value);
    pyr_freertos_critical_exit(NULL, state);
    return 0;
}

static int pin_read(void *user, int pin) {
    (void)user;
    return port_of(pin)[bit_of(pin)] != 0;
}

/* Edges only: a level would be told for as long as it lasts. */
static int pin_irq(void *user, int pin, uint32_t trigger, const struct pyr_notify *notify) {
    (void)user;
    volatile uint32_t *port = port_of(pin);
    uint32_t bit = bit_of(pin), edges = PYR_PIN_RISING | PYR_PIN_FALLING;
    int result = 0;
    if (notify != NULL && (trigger & ~edges)) return INVALID;
    uintptr_t state = pyr_freertos_critical_enter(NULL);
    if (notify != NULL && triggers[pin] != 0 && told[pin].vm != notify->vm) {
        result = BUSY;
    } else {
        set(&port[MASK], bit, 0);
        triggers[pin] = notify != NULL ? (uint8_t)trigger : 0;
        if (notify != NULL) {
            told[pin] = *notify;
            set(&port[LEVEL], bit, 0);
            set(&port[BOTH], bit, trigger == edges);
            set(&port[EVENT], bit, trigger & PYR_PIN_RISING);
            port[CLEAR] = bit;
            set(&port[MASK], bit, 1);
        }
    }
    pyr_freertos_critical_exit(NULL, state);
    if (result == 0 && notify != NULL) nvic_enable(BOARD_GPIO_IRQ + pin / 8, BOARD_RX_PRIORITY);
    return result;
}

void board_gpio_isr(void) {
    for (int first = 0; first < PINS; first += 8) {
        volatile uint32_t *port = port_of(first);
        uint32_t all = port[MASKED];
        port[CLEAR] = all;
        for (int pin = first; all != 0; pin++, all >>= 1) {
            if (!(all & 1)) continue;
            uint32_t edge = pin_read(NULL, pin) ? PYR_PIN_RISING : PYR_PIN_FALLING;
            (void)pyr_notify(&told[pin], triggers[pin] == edge ? edge : triggers[pin] & edge ? edge : triggers[pin]);
        }
    }
}

static const struct pyr_pin_ops pins = {
    .abi_size = sizeof pins,
    .find = pin_find,
    .configure = pin_configure,
    .read = pin_read,
    .write = pin_write,
    .irq = pin_irq,
};

/* ---- The board ---------------------------------------------------------------------------------------------------------- */

/* The last word that the boot stack can reach keeps its value through a reset: it says who asked for it. */
#define MARK (*(volatile uint32_t *)_heap_end)
#define RESET_BY_PROGRAM 0x52534554u

static void board_reset(void *user) {
    (void)user;
    MARK = RESET_BY_PROGRAM;
    __asm volatile("dsb");
    *(volatile uint32_t *)0xE000ED0Cu = 0x05FA0004u; /* AIRCR: SYSRESETREQ */
    for (;;) {
    }
}

static int board_reset_cause(void *user) {
    (void)user;
    static int cause; /* the mark is taken away once it was read */
    if (cause == 0) {
        cause = MARK == RESET_BY_PROGRAM ? PYR_RESET_SOFT : PYR_RESET_POWER_ON;
        MARK = 0;
    }
    return cause;
}

static uint32_t board_freq(void *user) {
    (void)user;
    return BOARD_CPU_HZ;
}

static void board_idle(void *user) {
    (void)user;
    vTaskDelay(1); /* the idle task waits for the next interrupt */
}

static const struct pyr_system_ops board = {
    .abi_size = sizeof board,
    .reset = board_reset,
    .reset_cause = board_reset_cause,
    .get_freq = board_freq,
    .idle = board_idle,
};

const struct pyr_machine board_machine = {
    .abi_size = sizeof board_machine,
    .system = &board,
    .pin = &pins,
    .timer = &pyr_freertos_timers,
};
