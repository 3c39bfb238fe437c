//! The module `machine` over devices of a board that is not there (`rig::devices`): every class, its methods, its errors, what
//! happens when memory ends, and what drivers hold afterwards. Each program runs in two collector modes.
#![cfg(all(feature = "compiler", feature = "machine-devices"))]
#![allow(unsafe_code)]

mod rig;

use pyrite::compile::Mode;
use pyrite::heap::Mode as Collector;
use pyrite::port::BadPort;
use pyrite::port::machine::Machine;
use pyrite::port::machine::bindings::pyr_machine;
use pyrite::runtime::{Config, Runtime};
use rig::devices::{self, DEVICES, REFUSED};
use std::path::Path;
use std::ptr::null;

const HEAP: usize = 96 << 10;
const FIBER: usize = 4 << 10;

/// A VM with these devices for `f`, and closes it: what it printed.
fn with_vm(table: pyr_machine, collector: Collector, f: impl FnOnce(&mut Runtime)) -> String {
    devices::renew();
    let (port, bench) = devices::port();
    let region = rig::testing::region(HEAP);
    let config = Config { fiber_bytes: FIBER, events: 8, ..Config::default() };
    let Ok(mut rt) = Runtime::open(region, port, &config) else { panic!("no memory") };
    rt.vm().heap_mut().set_mode(collector);
    assert!(rt.vm().set_machine(devices::machine(table)));
    f(&mut rt);
    rt.vm().finalize_all();
    assert_eq!(rt.vm().heap().verify(), Ok(()));
    let held = DEVICES.with_borrow(|d| d.held());
    assert!(held.is_empty(), "drivers still hold {held:?}");
    bench.output_text()
}

fn run(rt: &mut Runtime, text: &str) -> bool {
    let done = rt.run_text(text.as_bytes(), "program", Mode::File);
    if done.is_err() {
        rt.show_exception();
    }
    done.is_ok()
}

/// What a program prints.
fn output_of(table: pyr_machine, text: &str) -> String {
    let normal = with_vm(table, Collector::Normal, |rt| _ = run(rt, text));
    assert_eq!(with_vm(table, Collector::Always, |rt| _ = run(rt, text)), normal);
    normal
}

/// A program of `tests/machine` prints what stands beside it.
fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
    let text = std::fs::read_to_string(folder.join(format!("{name}.py"))).unwrap();
    let expected = std::fs::read_to_string(folder.join(format!("{name}.exp"))).unwrap();
    assert_eq!(output_of(devices::board(), &text), expected);
}

macro_rules! programs {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
programs! { pin pin_irq signal timer i2c spi uart adc wdt board registers }

#[test]
fn no_program_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let mut names = NAMES.to_vec();
    found.sort();
    names.sort();
    assert_eq!(found, names);
}

/// Every class is absent where its table is.
#[test]
fn a_class_without_a_table_is_not_there() {
    const LOOK: &str = "import machine
names = ('Pin', 'Timer', 'I2C', 'SPI', 'UART', 'ADC', 'WDT', 'reset', 'freq', 'unique_id', 'lightsleep')
print([hasattr(machine, n) for n in names].count(True))
print([n for n in names if n in dir(machine)])
print([n for n in names if n in machine.__dict__])
try:
    from machine import Timer
    print('Timer')
except ImportError as e:
    print('ImportError')
try:
    machine.Pin
    print('Pin')
except AttributeError as e:
    print(e)
from machine import *
print('SPI' in globals())
";
    let none = pyr_machine {
        system: null(),
        pin: null(),
        timer: null(),
        i2c: null(),
        spi: null(),
        uart: null(),
        adc: null(),
        wdt: null(),
        ..devices::board()
    };
    let absent = "0\n[]\n[]\nImportError\n'module' object has no attribute 'Pin'\nFalse\n";
    assert_eq!(output_of(none, LOOK), absent);
    let some = pyr_machine { pin: devices::board().pin, ..none };
    assert_eq!(output_of(some, LOOK), "1\n['Pin']\n['Pin']\nImportError\nPin\nFalse\n");
    let all = output_of(devices::board(), LOOK);
    assert!(all.starts_with("11\n") && all.ends_with("Timer\nPin\nTrue\n"), "{all}");
}

#[test]
fn wrong_tables_are_refused() {
    let refused = |table: &pyr_machine| {
        // SAFETY: whole tables; what comes of them is dropped at once.
        unsafe { Machine::new(table) }.err()
    };
    let good = devices::board();
    assert_eq!(refused(&good), None);
    assert_eq!(refused(&pyr_machine { abi_size: 8, ..good }), Some(BadPort::Size));
    let mut pins = devices::pins();
    pins.abi_size -= 1;
    assert_eq!(refused(&pyr_machine { pin: &pins, ..good }), Some(BadPort::Size));
    let mut pins = devices::pins();
    pins.read = None;
    assert_eq!(refused(&pyr_machine { pin: &pins, ..good }), Some(BadPort::Missing));
    // SAFETY: NULL is allowed.
    assert!(unsafe { Machine::new(null()) }.is_ok());
}

#[test]
fn tables_change_only_while_no_device_is_open() {
    with_vm(devices::board(), Collector::Normal, |rt| {
        assert!(run(rt, "import machine\nt = machine.Timer(0)\n"));
        assert!(!rt.vm().set_machine(Machine::NONE));
        assert!(run(rt, "t.deinit()\n"));
        assert!(rt.vm().set_machine(Machine::NONE));
        assert!(!run(rt, "t.init(period=1, callback=print)\n"));
    });
}

/// More events than the queue has room for: they are refused, counted, and the rest arrives.
#[test]
fn posts_that_find_no_room_are_counted() {
    const FLOOD: &str = "import machine
out, into = machine.Pin(2, machine.Pin.OUT), machine.Pin(3, machine.Pin.IN)
calls = 0
def count(pin):
    global calls
    calls += 1
into.irq(count)
state = machine.disable_irq()
for i in range(20):
    out.toggle()
machine.enable_irq(state)
machine.idle()
print(calls)
out.toggle()
machine.idle()
print(calls)
";
    let said = with_vm(devices::board(), Collector::Normal, |rt| {
        assert!(run(rt, FLOOD));
        assert_eq!(rt.vm().remote().posts().lost(), 12);
    });
    assert_eq!((said.as_str(), REFUSED.get()), ("8\n9\n", 12));
}

/// What was posted for a device that is gone finds nobody, even where another has its place.
#[test]
fn a_stale_post_calls_nobody() {
    const STALE: &str = "import machine, time
old, new = [], []
t = machine.Timer(-1)
t.init(period=1, callback=old.append)
state = machine.disable_irq()
time.sleep_ms(3)
t.deinit()
u = machine.Timer(-1)
u.init(mode=u.ONE_SHOT, period=500, callback=new.append)
machine.enable_irq(state)
time.sleep_ms(10)
print(len(old), len(new))
time.sleep_ms(600)
print(len(old), len(new))
";
    assert_eq!(output_of(devices::board(), STALE), "0 0\n0 1\n");
}

/// A VM ends while all its devices are in use.
#[test]
fn the_end_of_the_vm_takes_devices_back() {
    const BUSY: &str = "from machine import *
def f(x):
    print('called')
Timer(-1, period=5, callback=f)
Timer(0, period=5, callback=f)
Pin(3).irq(f)
I2C(0), SPI(0), ADC(1), WDT()
u = UART(1)
u.irq(f, u.IRQ_RX)
class Last:
    def __del__(self):
        Pin('led', Pin.OUT).on()
        u.write('x')
last = Last()
";
    let said = with_vm(devices::board(), Collector::Normal, |rt| {
        assert!(run(rt, BUSY));
        assert_eq!(DEVICES.with_borrow(|d| d.held().len()), 6);
    });
    assert_eq!(said, "called\n");
}

/// Whatever allocation fails, the program ends in `MemoryError` or goes on, and drivers hold nothing afterwards.
#[test]
fn memory_ends_at_each_allocation() {
    const ALL: &str = "import machine
from machine import *
def f(x):
    pass
t = Timer(-1, period=5, callback=f)
t2 = Timer(0)
t2.init(freq=10, callback=f)
p = Pin(('port', 2), Pin.IN, Pin.PULL_UP)
p.irq(f).trigger(Pin.IRQ_FALLING)
s = Signal(4, Pin.OUT, invert=True)
b = I2C(0, freq=100000)
b.scan()
b.writevto(0x50, [b'\\x10', bytearray(b'abc')])
b.readfrom_mem(0x50, 0x10, 3)
SPI(0).read(10)
u = UART(1, timeout=3)
u.irq(f, u.IRQ_RX)
u.write('hello')
u.read(9)
ADC(1).read_uv()
unique_id()
WDT(0, 1000).feed()
print(t, t2, p, b, u)
";
    let mut n = 1;
    loop {
        let mut done = false;
        with_vm(devices::board(), Collector::Normal, |rt| {
            rt.vm().heap_mut().fail_at(n, true);
            done = run(rt, ALL);
            rt.vm().heap_mut().fail_at(0, false);
            assert!(run(rt, "import gc\ngc.collect()\n"));
        });
        if done {
            break;
        }
        n += 1;
        assert!(n < 2000);
    }
    assert!(n > 50, "{n}");
}
