/* machine.c: devices that C gives a VM: which tables are refused, and timers that another thread tells of. */
#include "check.h"
#include "pyrite_posix.h"

static int find_pin(void *user, const struct pyr_id *id) { return id->number == 1 && user != NULL ? 1 : -19; }
static int configure_pin(void *user, int pin, const struct pyr_pin_config *config) {
    (void)user, (void)pin, (void)config;
    return -22;
}
static int read_pin(void *user, int pin) {
    (void)pin;
    return *(int *)user;
}
static int write_pin(void *user, int pin, int level) {
    (void)pin;
    *(int *)user = level;
    return 0;
}

static struct pyr_machine machine;
static struct pyr_pin_ops pins;
static struct pyr_timer_ops broken;
static int level;

static void test_tables(pyr_vm *vm) {
    memset(&pins, 0, sizeof pins);
    memset(&machine, 0, sizeof machine);
    IS(pyr_set_machine(NULL, NULL), PYR_E_NULL);
    IS(pyr_set_machine(vm, &machine), PYR_E_ABI);
    machine.abi_size = sizeof machine;
    OK(pyr_set_machine(vm, &machine));
    OK(pyr_set_machine(vm, NULL));
    RAISES(vm, "import machine\nmachine.Pin", "AttributeError", "'module' object has no attribute 'Pin'");
    machine.pin = &pins;
    IS(pyr_set_machine(vm, &machine), PYR_E_ABI);
    pins.abi_size = sizeof pins;
    IS(pyr_set_machine(vm, &machine), PYR_E_ABI);
    pins.find = find_pin;
    pins.configure = configure_pin;
    pins.read = read_pin;
    pins.write = write_pin;
    pins.user = &level;
    OK(pyr_set_machine(vm, &machine));
    RUNS(vm, "from machine import Pin\np = Pin(1)\np.on()\nassert p.value() == 1\np.toggle()\nassert p() == 0");
    RAISES(vm, "Pin(2)", "ValueError", "no such Pin");
    RAISES(vm, "Pin(1, Pin.OUT)", "ValueError", "Pin cannot be set up like that");
    RAISES(vm, "p.irq(print)", "OSError", "[Errno 95] EOPNOTSUPP");
    RAISES(vm, "machine.Timer", "AttributeError", "'module' object has no attribute 'Timer'");
    broken = pyr_posix_timers;
    broken.close = NULL;
    machine.timer = &broken;
    IS(pyr_set_machine(vm, &machine), PYR_E_ABI);
}

static void test_timers(pyr_vm *vm) {
    machine.timer = &pyr_posix_timers;
    OK(pyr_set_machine(vm, &machine));
    RUNS(vm, "import time\n"
             "from machine import Timer\n"
             "calls = []\n"
             "t = Timer(-1, period=2, callback=calls.append)\n"
             "end = time.ticks_add(time.ticks_ms(), 5000)\n"
             "while len(calls) < 20 and time.ticks_diff(end, time.ticks_ms()) > 0:\n"
             "    time.sleep_ms(500)\n"
             "assert len(calls) >= 20 and calls[0] is t\n");
    IS(pyr_set_machine(vm, NULL), PYR_E_NESTING);
    /* One thread tells of them all while this one starts and stops them. */
    RUNS(vm, "t.deinit()\n"
             "n = len(calls)\n"
             "time.sleep_ms(20)\n"
             "assert len(calls) == n\n"
             "all = [Timer(-1) for i in range(16)]\n"
             "for i in range(100):\n"
             "    for j, t in enumerate(all):\n"
             "        t.init(mode=(i + j) % 2, freq=20000, callback=calls.append)\n"
             "for t in all:\n"
             "    t.deinit()\n"
             "n = len(calls)\n"
             "time.sleep_ms(5)\n"
             "assert len(calls) == n\n"
             "try:\n"
             "    all = [Timer(-1, period=1000, callback=print) for i in range(17)]\n"
             "except OSError as e:\n"
             "    assert e.errno == 12\n");
    /* They are the driver's until the VM ends: another VM finds none. */
    OK(pyr_set_machine(other_vm, &machine));
    RAISES(other_vm, "from machine import Timer\nTimer(-1, period=1, callback=print)", "OSError", "[Errno 12] ENOMEM");
}

void test_machine(pyr_vm *vm) {
    test_tables(vm);
    test_timers(vm);
}
