/* natives.c: a module of this firmware for Python: functions, constants and a class, all of them constant tables. */
#include "firmware.h"

#include <string.h>

/* ---- Functions ------------------------------------------------------------------------------------------------------ */

/* celsius(raw, offset=0): ints come as C numbers, whatever Python gave was checked before. */
static int celsius(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)caller, (void)self;
    result->i32 = (args[0].i32 * 100 + args[1].i32) / 256;
    return PYR_OK;
}

/* crc(data): the bytes of any buffer, where they lie. */
static int crc(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    const uint8_t *bytes = args[0].bytes.data;
    uint32_t sum = 0xffff;
    (void)caller, (void)self;
    for (size_t i = 0; i < args[0].bytes.len; i++) {
        sum ^= (uint32_t)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++) sum = sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1;
    }
    result->u32 = sum & 0xffff;
    return PYR_OK;
}

/* set_pin(pin, on, *, pull="none"): errors are exceptions. */
static uint32_t pins;
static int set_pin(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)self, (void)result;
    if (args[0].i32 < 0 || args[0].i32 > 31) return pyr_raise(caller, "ValueError", "no such pin");
    if (args[0].i32 == 13) return pyr_raise_errno(caller, 16); /* EBUSY */
    uint32_t mask = 1u << args[0].i32;
    pins = args[1].i32 ? pins | mask : pins & ~mask;
    return PYR_OK;
}

/* each(function): C calls Python. What the function raises goes on. */
static int each(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)self;
    for (int32_t pin = 0; pin < 32; pin++) {
        pyr_ref number;
        if (!(pins >> pin & 1)) continue;
        int status = pyr_push_frame(caller, 1);
        if (status < 0) return status;
        status = pyr_new_int(caller, pin, &number);
        if (status == PYR_OK) status = pyr_call(caller, args[0].object, &number, 1, NULL, 0, NULL);
        (void)pyr_pop_frame(caller);
        if (status < 0) return status;
        result->i32++;
    }
    return PYR_OK;
}

static const struct pyr_param celsius_params[] = {PYR_PARAM("raw", PYR_INT), PYR_PARAM_OR("offset", PYR_INT, 0)};
static const struct pyr_param crc_params[] = {PYR_PARAM("data", PYR_BYTES)};
static const struct pyr_param pin_params[] = {PYR_PARAM("pin", PYR_INT), PYR_PARAM("on", PYR_BOOL),
                                              PYR_PARAM_KEYWORD("pull", PYR_INT, 0)};
static const struct pyr_param each_params[] = {PYR_PARAM("function", PYR_OBJECT)};

static const struct pyr_native functions[] = {
    PYR_FUNCTION("celsius", celsius, celsius_params, PYR_INT),
    PYR_FUNCTION("crc", crc, crc_params, PYR_UINT),
    PYR_FUNCTION("set_pin", set_pin, pin_params, PYR_NOTHING),
    PYR_FUNCTION("each", each, each_params, PYR_INT),
};

static const struct pyr_constant constants[] = {
    PYR_CONSTANT("LED", 5),
    PYR_CONSTANT_STR("BOARD", "mps2-an385"),
};

/* ---- A class: an object with data of C ------------------------------------------------------------------------------- */

struct channel {
    int32_t gain, last;
    uint8_t open;
};

static int channels_open;

static int channel_init(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    struct channel *c = self;
    (void)result;
    if (args[0].i32 > 3) return pyr_raise(caller, "ValueError", "channels are 0 to 3");
    c->gain = args[1].i32;
    c->open = 1;
    channels_open++;
    return PYR_OK;
}
/* Runs once: when Python closes the channel, or when nobody has it any more. */
static int channel_del(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    struct channel *c = self;
    (void)caller, (void)args, (void)result;
    channels_open -= c->open;
    c->open = 0;
    return PYR_OK;
}
static int channel_sample(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    struct channel *c = self;
    (void)caller, (void)args;
    c->last += c->gain;
    result->i32 = c->last;
    return PYR_OK;
}
static int channel_get_gain(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)caller, (void)args;
    result->i32 = ((struct channel *)self)->gain;
    return PYR_OK;
}
static int channel_set_gain(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)result;
    if (args[0].i32 <= 0) return pyr_raise(caller, "ValueError", "gain must be positive");
    ((struct channel *)self)->gain = args[0].i32;
    return PYR_OK;
}

static const struct pyr_param init_params[] = {PYR_PARAM("number", PYR_INT), PYR_PARAM_OR("gain", PYR_INT, 1)};
static const struct pyr_param gain_params[] = {PYR_PARAM("gain", PYR_INT)};
static const struct pyr_native channel_members[] = {
    PYR_METHOD("__init__", channel_init, init_params, PYR_NOTHING),
    PYR_METHOD_0("__del__", channel_del, PYR_NOTHING),
    PYR_METHOD_0("sample", channel_sample, PYR_INT),
    PYR_GETTER("gain", channel_get_gain, PYR_INT),
    PYR_SETTER("gain", channel_set_gain, gain_params),
};
static const struct pyr_class channel_class = PYR_CLASS("Channel", struct channel, channel_members);
static const struct pyr_class *const classes[] = {&channel_class};

static const struct pyr_module board = PYR_MODULE_ALL("board", functions, constants, classes, NULL, NULL);
const struct pyr_module *const firmware_modules[] = {&board};
const size_t firmware_modules_len = PYR_COUNT(firmware_modules);

/* ---- At work ------------------------------------------------------------------------------------------------------------ */

static int doubled(pyr_vm *caller, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)caller;
    result->i32 = args[0].i32 * *(int32_t *)self;
    return PYR_OK;
}
static const struct pyr_param one_int[] = {PYR_PARAM(NULL, PYR_INT)};
static const struct pyr_native doubled_native = PYR_FUNCTION("doubled", doubled, one_int, PYR_INT);

void show_natives(void) {
    static int32_t factor = 2;
    pyr_ref callback, main_module, channel;
    void *data;
    run("import board\n"
        "assert board.celsius(2560) == 1000 and board.celsius(raw=2560, offset=256) == 1001\n"
        "assert board.crc(b'123456789') == 0x29b1\n"
        "board.set_pin(board.LED, True)\n"
        "board.set_pin(7, on=1, pull=2)\n"
        "seen = []\n"
        "assert board.each(seen.append) == 2 and seen == [5, 7]\n"
        "for pin, error in ((99, ValueError), (13, OSError)):\n"
        "    try:\n"
        "        board.set_pin(pin, 1)\n"
        "        raise AssertionError\n"
        "    except error:\n"
        "        pass\n"
        "class Averaged(board.Channel):\n"
        "    def sample(self):\n"
        "        return (super().sample() + super().sample()) // 2\n"
        "channel = Averaged(1, gain=10)\n"
        "assert channel.sample() == 15\n"
        "channel.gain = 20\n"
        "assert channel.sample() == 50 and channel.gain == 20\n");

    MUST(pyr_push_frame(vm, 4));
    MUST(pyr_lookup(vm, "__main__", "channel", &channel));
    MUST(pyr_data(vm, channel, &channel_class, &data));
    MUST_HOLD(((struct channel *)data)->last == 60 && channels_open == 1);

    /* A C function as an object, with data of its own. */
    MUST(pyr_new_function(vm, &doubled_native, &factor, &callback));
    MUST(pyr_import(vm, "board", 5, &main_module));
    MUST(pyr_setattr(vm, main_module, "doubled", callback));
    MUST(pyr_pop_frame(vm));
    run("assert list(map(board.doubled, [1, 2, 3])) == [2, 4, 6]\n"
        "channel = None\n"
        "import gc\n"
        "gc.collect()\n");
    MUST_HOLD(channels_open == 0);
    say("natives: functions, a class with data and a finalizer, a callback\r\n");
}
