/* pyrite_machine.h: the devices behind Python's module `machine`, as optional tables of functions, one for each class.
 *
 *   static const struct pyr_pin_ops pins = {.abi_size = sizeof pins, .find = pin_find, ...};
 *   static const struct pyr_machine board = {.abi_size = sizeof board, .pin = &pins, .timer = &pyr_freertos_timers};
 *   pyr_set_machine(vm, &board);      (pyrite.h; after pyr_open, inside pyr_enter)
 *
 * A class whose table is NULL is not in the module, so a firmware has, and pays for, the classes that it names. Each VM
 * has the devices that it was given: two VMs of one image may be given different tables, or the same one. The tables MUST
 * stay in place and unchanged until pyr_close.
 *
 * Words used below
 *   MUST        a driver that breaks it breaks the VM; nothing checks it at run time.
 *   [quick]     called from tasks with the VM's lock held: MUST NOT block and MUST return within microseconds.
 *   [slow]      called from tasks without the VM's lock: may block. Several tasks may call it at the same time, with one
 *               handle too: the driver lets one after the other.
 *   [any]       called from tasks and interrupts, but outside critical sections.
 *   [optional]  may be NULL; the text says what Python loses. All others MUST be there.
 * Nothing here is called from an interrupt but struct pyr_notify's `post`, which a driver calls itself.
 *
 * Handles are ints from 0 up, the driver's own; each class has its own numbers. Opening what is open already gives the same
 * handle and sets it up anew: Python keeps one object for it in a VM. What a VM opened is closed at the latest in
 * pyr_close. A device that another VM, or the firmware, has for itself is -16 EBUSY; where a driver hands out notifications,
 * `vm` in struct pyr_notify tells one VM from another.
 * Errors are negative errno values with the numbers that pyrite_port.h names (-5 EIO, -11 EAGAIN, -12 ENOMEM, -16 EBUSY,
 * -19 ENODEV, -22 EINVAL, -110 ETIMEDOUT, and others), whatever the C library's own numbers are. Python gets OSError with
 * the number; from `find`, `open` and `configure`, -19 (there is no such device) and -22 (it cannot be set up like that)
 * are ValueError.
 * Numbers that Python did not give are -1. Memory that is passed in belongs to the caller again when the function returns.
 * Every function takes its own table's `user` first.
 */
#ifndef PYRITE_MACHINE_H
#define PYRITE_MACHINE_H

#include "pyrite_port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What a program calls a device --------------------------------------------------------------------------------- */

/*   Python               label     bank  number  pin
 *   X(5)                 NULL      -1    5       -1
 *   X("led0")            "led0"    -1    -1      -1
 *   X(("gpio0", 5))      "gpio0"   -1    5       -1
 *   X((1, 5))            NULL      1     5       -1
 *   X(Pin(...))          NULL      -1    -1      the Pin's handle       (not for Pin itself)
 * Numbers below 0 are ValueError before the driver is asked, except a Timer's -1. */
struct pyr_id {
    const char *label; /* NUL-terminated, at most 47 bytes; good during the call */
    int32_t bank, number, pin;
};

/* ---- Events: how an interrupt reaches Python ------------------------------------------------------------------------ */

/* What a driver is given to tell about its device; it copies the struct. From then on it calls `post` when the thing
 * happens, until it is given another one, or NULL, or the handle is closed: once that call has returned, `post` MUST NOT be
 * called any more, nor still be running in another task or on another core. */
struct pyr_notify {
    /* [any] Has the device's handler called in the VM at its next safepoint, in order with what pyr_post brings, and with
     * the same bounded queue (pyr_config.events). `flags` say what happened, in the words of the class. 1, or 0 when the
     * queue was full: this event is lost, and counted by pyr_posts_lost. Does not block. */
    int (*post)(void *vm, uint32_t source, uint32_t flags);
    void *vm;
    uint32_t source;
};

/* [any] */
static inline int pyr_notify(const struct pyr_notify *notify, uint32_t flags) {
    return notify->post(notify->vm, notify->source, flags);
}

/* ---- Pin ------------------------------------------------------------------------------------------------------------- */

/* machine.Pin's constants have these numbers. */
enum pyr_pin_mode {
    PYR_PIN_IN,
    PYR_PIN_OUT,
    PYR_PIN_OPEN_DRAIN,
    PYR_PIN_ALT,
    PYR_PIN_ALT_OPEN_DRAIN,
    PYR_PIN_ANALOG,
};
/* Or-ed together; 0 is none (Python's None). */
#define PYR_PULL_UP 1
#define PYR_PULL_DOWN 2
/* When a pin's handler is called, or-ed together; also the flags of its events. */
#define PYR_PIN_RISING 1u
#define PYR_PIN_FALLING 2u
#define PYR_PIN_LOW_LEVEL 4u
#define PYR_PIN_HIGH_LEVEL 8u

/* How a pin is to be; -1 leaves a thing as it is. */
struct pyr_pin_config {
    int32_t mode;  /* enum pyr_pin_mode */
    int32_t pull;  /* PYR_PULL_* */
    int32_t value; /* level of an output: set before the pin begins to drive */
    int32_t drive; /* strength, 0 the weakest */
    int32_t alt;   /* which alternate function, with PYR_PIN_ALT* */
};

struct pyr_pin_ops {
    uint32_t abi_size; /* sizeof(struct pyr_pin_ops) */

    /* [quick] The handle of a pin; the same each time. Changes nothing. Pins are not closed. */
    int (*find)(void *user, const struct pyr_id *id);

    /* [quick] 0. What the pin cannot do is -22 and changes nothing. */
    int (*configure)(void *user, int pin, const struct pyr_pin_config *config);

    /* [quick] The level at the pin, 0 or 1; of an output, what it drives. */
    int (*read)(void *user, int pin);

    /* [quick] 0. `level` is 0 or 1. */
    int (*write)(void *user, int pin, int level);

    /* [quick] [optional] Without it, `read` and `write` one after the other. */
    int (*toggle)(void *user, int pin);

    /* [quick] [optional] From now on `notify` is told when one of `trigger` (PYR_PIN_RISING, ...) happens; a level MUST be
     * told once each time it comes about, not as long as it lasts. NULL ends that. -22 for triggers that the pin has not.
     * Without it Pin.irq raises OSError(95), EOPNOTSUPP. */
    int (*irq)(void *user, int pin, uint32_t trigger, const struct pyr_notify *notify);

    void *user;
};

/* ---- Timer ------------------------------------------------------------------------------------------------------------ */

struct pyr_timer_ops {
    uint32_t abi_size; /* sizeof(struct pyr_timer_ops) */

    /* [quick] A handle of timer `number`; of a new one, of the RTOS's own kind, for -1, until it is closed. Nothing runs
     * yet. -12 when all of those are in use, -19 when there is no such number. */
    int (*open)(void *user, int32_t number);

    /* [slow] From now on tells `notify` (flags 0) each time `period_us` have passed (`periodic`), or once; what ran
     * before is over. Rounded up to what the driver can count; a period that it cannot count at all is -22. Periods are
     * counted from each other, not from when the handler ran. */
    int (*start)(void *user, int timer, uint64_t period_us, int periodic, const struct pyr_notify *notify);

    /* [slow] Stops it, waiting for a `post` under way, and gives the handle back. */
    void (*close)(void *user, int timer);

    void *user;
};

/* ---- I2C: a controller ------------------------------------------------------------------------------------------------- */

struct pyr_i2c_config {
    uint32_t freq_hz;    /* of the clock: the highest that is wanted */
    uint32_t timeout_us; /* how long a device may stretch the clock */
    int32_t scl, sda;    /* handles of pins, or -1 */
};

/* A part of a transfer. Parts of the same direction that follow each other are one stretch of bytes; a change of direction
 * is a repeated START. */
#define PYR_I2C_READ 1u /* into `data`; else from it */
#define PYR_I2C_STOP 2u /* ends with a STOP; only the last part may lack it, and then the bus stays claimed for the next
                           transfer, which begins with a repeated START */
struct pyr_i2c_part {
    uint8_t *data; /* not written to unless PYR_I2C_READ; stays in place: DMA may use it */
    size_t len;
    uint32_t flags;
};

struct pyr_i2c_ops {
    uint32_t abi_size; /* sizeof(struct pyr_i2c_ops) */

    /* [slow] The handle of a bus, ready for transfers. */
    int (*open)(void *user, const struct pyr_id *id, const struct pyr_i2c_config *config);

    /* [slow] Exchanges `n` parts (at least 1) with the device at `address`; above 0x7f that is one of ten bits. The count
     * of written bytes that were acknowledged (without the address), or negative: -19 nobody answered to the address,
     * -5 another fault, -110 the clock was stretched too long. After an error the bus MUST be free. */
    int (*transfer)(void *user, int bus, uint16_t address, const struct pyr_i2c_part *parts, size_t n);

    /* [slow] [optional] Whether a device answers at `address`: 1 or 0. Without it I2C.scan writes nothing to it
     * (`transfer` of one empty part with a STOP) and looks whether that is acknowledged. */
    int (*probe)(void *user, int bus, uint16_t address);

    /* [slow] Switches the bus off; the handle is free. */
    void (*close)(void *user, int bus);

    void *user;
};

/* ---- SPI: a controller --------------------------------------------------------------------------------------------------- */

struct pyr_spi_config {
    uint32_t baudrate;       /* Hz: the highest that is wanted */
    uint8_t polarity, phase; /* 0 or 1 */
    uint8_t bits;            /* of a frame, 4 to 32; more than 8 take 2 bytes each, more than 16 take 4, as C has them */
    uint8_t lsb_first;       /* 0 or 1 */
    int32_t sck, mosi, miso; /* handles of pins, or -1 */
};

struct pyr_spi_ops {
    uint32_t abi_size; /* sizeof(struct pyr_spi_ops) */

    /* [slow] The handle of a bus, ready for transfers. Chip select is the program's business. */
    int (*open)(void *user, const struct pyr_id *id, const struct pyr_spi_config *config);

    /* [slow] Sends `len` bytes while it receives as many. `out` may be NULL: each frame sent is `fill`; `in` may be NULL:
     * what comes is dropped; both may be the same memory. It stays in place: DMA may use it. 0. */
    int (*transfer)(void *user, int bus, const uint8_t *out, uint8_t *in, size_t len, uint32_t fill);

    /* [slow] Switches the bus off; the handle is free. */
    void (*close)(void *user, int bus);

    void *user;
};

/* ---- UART --------------------------------------------------------------------------------------------------------------- */

/* What `irq` tells of, or-ed together; machine.UART's constants have these numbers. */
#define PYR_UART_RX 1u      /* bytes have come where none waited */
#define PYR_UART_RX_IDLE 2u /* the line is idle after bytes have come */
#define PYR_UART_TX_IDLE 4u /* all has been sent */
#define PYR_UART_BREAK 8u
#define PYR_UART_TX_ROOM 16u /* bytes can be sent where there was no room; never asked for by programs */

/* Lines for flow control, and lines that are inverted; or-ed together. */
#define PYR_UART_LINE_TX 1
#define PYR_UART_LINE_RX 2
#define PYR_UART_LINE_RTS 4
#define PYR_UART_LINE_CTS 8

/* -1 leaves a thing as it is, or as the driver likes it. */
struct pyr_uart_config {
    int32_t baudrate;
    int32_t bits;   /* 5 to 9 */
    int32_t parity; /* 0 even, 1 odd, 2 none */
    int32_t stop;   /* 1 or 2 */
    int32_t flow;   /* PYR_UART_LINE_RTS, PYR_UART_LINE_CTS */
    int32_t invert; /* PYR_UART_LINE_TX, ... */
    int32_t txbuf, rxbuf; /* bytes that the driver is to hold; it may hold others */
    int32_t tx, rx, rts, cts; /* handles of pins */
};

struct pyr_uart_ops {
    uint32_t abi_size; /* sizeof(struct pyr_uart_ops) */

    /* [slow] The handle of a UART that receives from now on. */
    int (*open)(void *user, const struct pyr_id *id, const struct pyr_uart_config *config);

    /* [quick] Takes up to `len` bytes that have come. The count, 0 when none wait. */
    int32_t (*read)(void *user, int uart, uint8_t *buf, size_t len);

    /* [quick] Takes up to `len` bytes to be sent. The count, 0 when there is no room. */
    int32_t (*write)(void *user, int uart, const uint8_t *buf, size_t len);

    /* [quick] How many bytes have come and were not read. */
    int32_t (*any)(void *user, int uart);

    /* [quick] 1 when all has left the wire, 0 while bytes are on their way. */
    int (*tx_done)(void *user, int uart);

    /* [quick] [optional] From now on `notify` is told when one of `trigger` (PYR_UART_RX, ...) happens; flags say which.
     * NULL ends that. -22 for triggers that the UART has not. Without it UART.irq raises OSError(95), EOPNOTSUPP, and what
     * waits for bytes looks every 5 milliseconds. */
    int (*irq)(void *user, int uart, uint32_t trigger, const struct pyr_notify *notify);

    /* [slow] [optional] Sends a break. Without it UART.sendbreak raises OSError(95). */
    int (*send_break)(void *user, int uart);

    /* [slow] Switches the UART off; the handle is free. */
    void (*close)(void *user, int uart);

    void *user;
};

/* ---- ADC ------------------------------------------------------------------------------------------------------------------ */

struct pyr_adc_config {
    int32_t sample_ns; /* time of a sample */
    int32_t atten;     /* the driver's own number for an input range */
};

struct pyr_adc_ops {
    uint32_t abi_size; /* sizeof(struct pyr_adc_ops) */

    /* [slow] The handle of an input, ready to be read. */
    int (*open)(void *user, const struct pyr_id *id, const struct pyr_adc_config *config);

    /* [slow] A sample, 0 to 65535 over the input's range. */
    int32_t (*read_u16)(void *user, int adc);

    /* [slow] [optional] A sample in microvolts into `*out`, 0. Without it ADC.read_uv raises OSError(95), EOPNOTSUPP. */
    int (*read_uv)(void *user, int adc, int32_t *out);

    /* [slow] The handle is free. */
    void (*close)(void *user, int adc);

    void *user;
};

/* ---- WDT: a watchdog ------------------------------------------------------------------------------------------------------ */

struct pyr_wdt_ops {
    uint32_t abi_size; /* sizeof(struct pyr_wdt_ops) */

    /* [quick] Starts watchdog `number`, or changes its time: the board is reset unless it is fed every `timeout_us`. A
     * handle. -22 for a time that it cannot do. It is never stopped: not by pyr_close either. */
    int (*open)(void *user, int32_t number, uint64_t timeout_us);

    /* [quick] Feeds it: 0. */
    int (*feed)(void *user, int wdt);

    void *user;
};

/* ---- The system ------------------------------------------------------------------------------------------------------------- */

/* machine.PWRON_RESET, ...: the numbers are MicroPython's. */
enum pyr_reset_cause {
    PYR_RESET_UNKNOWN,
    PYR_RESET_POWER_ON,
    PYR_RESET_HARD,
    PYR_RESET_WATCHDOG,
    PYR_RESET_DEEP_SLEEP,
    PYR_RESET_SOFT,
};

/* A function that is NULL is not in the module. */
struct pyr_system_ops {
    uint32_t abi_size; /* sizeof(struct pyr_system_ops) */

    /* [slow] [optional] Resets the board. MUST NOT return. */
    void (*reset)(void *user);

    /* [quick] [optional] Why the board started (enum pyr_reset_cause); the same until the next reset. */
    int (*reset_cause)(void *user);

    /* [quick] [optional] Puts what tells this board from others into `buf`; the count of bytes, 1 to `len`. */
    int (*unique_id)(void *user, uint8_t *buf, size_t len);

    /* [quick] [optional] The CPU's clock in Hz. */
    uint32_t (*get_freq)(void *user);

    /* [slow] [optional] Changes it; 0. Without it machine.freq(hz) raises OSError(95), EOPNOTSUPP. */
    int (*set_freq)(void *user, uint32_t hz);

    /* [slow] [optional] machine.idle(): saves power until an interrupt comes, at most some milliseconds. Without it
     * idle() lets other tasks run, which leads to the RTOS's own idling. */
    void (*idle)(void *user);

    /* [slow] [optional] Sleeps with memory kept for `time_us` (PYR_FOREVER: until something wakes the board); 0. */
    int (*light_sleep)(void *user, uint64_t time_us);

    /* [slow] [optional] Sleeps for `time_us` and starts anew. MUST NOT return, but for a negative number when it cannot. */
    int (*deep_sleep)(void *user, uint64_t time_us);

    /* [slow] [optional] Resets the board into its boot loader. MUST NOT return. */
    void (*bootloader)(void *user);

    void *user;
};

/* ---- All of them -------------------------------------------------------------------------------------------------------------- */

struct pyr_machine {
    uint32_t abi_size; /* sizeof(struct pyr_machine); another size is PYR_E_ABI, for the tables below too */

    /* NULL: the class (of `system`: its functions) is not in the module. */
    const struct pyr_system_ops *system;
    const struct pyr_pin_ops *pin;
    const struct pyr_timer_ops *timer;
    const struct pyr_i2c_ops *i2c;
    const struct pyr_spi_ops *spi;
    const struct pyr_uart_ops *uart;
    const struct pyr_adc_ops *adc;
    const struct pyr_wdt_ops *wdt;
};

#ifdef __cplusplus
}
#endif

#endif
