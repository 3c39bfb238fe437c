//! Devices for the tests of `machine`: one of each class, with a wire from each output to an input, in the thread that
//! asks, on the rig's own clock.
//!
//! - Pins 0 to 31. What an even one is set to, the odd one after it sees. Pin 30 has no interrupts; 31 is broken.
//! - Timers: -1 is one of four, 0 a numbered one.
//! - I2C 0: an EEPROM of 256 bytes at 0x50, something that acknowledges one byte and no more at 0x20.
//! - SPI 0: what is sent comes back inverted. UART 1: what is sent comes back, 16 bytes at a time.
//! - ADC 0 to 3. WDT 0.
//!
//! `Pin(("fail", errno))` makes the next call of a driver fail, `Pin(("fail later", errno))` the one after it.

use super::testing;
use pyrite::port::Port;
use pyrite::port::machine::Machine;
use pyrite::port::machine::bindings::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::{CStr, c_int, c_void};

#[derive(Clone, Copy)]
struct Armed {
    notify: pyr_notify,
    trigger: u32,
}

#[derive(Clone, Copy, Default)]
struct Timer {
    used: bool,
    due: u64,
    period: u64,
    periodic: bool,
    notify: Option<pyr_notify>,
}

pub struct Devices {
    levels: [bool; 32],
    modes: [i32; 32],
    pulls: [i32; 32],
    armed: [Option<Armed>; 32],
    timers: [Timer; 5],
    memory: [u8; 256],
    at: u8,
    i2c: Option<pyr_i2c_config>,
    spi: Option<pyr_spi_config>,
    uart: Option<pyr_uart_config>,
    line: VecDeque<u8>,
    uart_armed: Option<Armed>,
    adcs: [bool; 4],
    pub fed: u32,
    pub freq: u32,
    pub reset: Option<&'static str>,
    pub slept: u64,
}

thread_local! {
    pub static DEVICES: RefCell<Devices> = const { RefCell::new(Devices::NEW) };
    /// What the next call fails with, and how many before it do not.
    pub static FAIL: Cell<(i32, u32)> = const { Cell::new((0, 0)) };
    static CLOCK: Cell<u64> = const { Cell::new(0) };
    /// How many posts found no room.
    pub static REFUSED: Cell<u32> = const { Cell::new(0) };
}

pub fn now() -> u64 {
    CLOCK.get()
}
pub fn advance_to(time: u64) {
    CLOCK.set(CLOCK.get().max(time));
}

impl Devices {
    const NEW: Devices = Devices {
        levels: [false; 32],
        modes: [-1; 32],
        pulls: [-1; 32],
        armed: [None; 32],
        timers: [Timer { used: false, due: 0, period: 0, periodic: false, notify: None }; 5],
        memory: [0xff; 256],
        at: 0,
        i2c: None,
        spi: None,
        uart: None,
        line: VecDeque::new(),
        uart_armed: None,
        adcs: [false; 4],
        fed: 0,
        freq: 16_000_000,
        reset: None,
        slept: 0,
    };
    /// What drivers still hold.
    pub fn held(&self) -> Vec<&'static str> {
        let mut held = Vec::new();
        let mut look = |what, is| {
            if is {
                held.push(what)
            }
        };
        look("pin", self.armed.iter().any(Option::is_some));
        look("timer", self.timers.iter().any(|t| t.used || t.notify.is_some()));
        look("i2c", self.i2c.is_some());
        look("spi", self.spi.is_some());
        look("uart", self.uart.is_some() || self.uart_armed.is_some());
        look("adc", self.adcs.contains(&true));
        held
    }
}

/// A board that nobody has used.
pub fn renew() {
    DEVICES.set(Devices::NEW);
    FAIL.set((0, 0));
    REFUSED.set(0);
}

/// The tables for a VM that ends before this function's caller does.
pub fn machine(table: pyr_machine) -> Machine {
    let table = Box::leak(Box::new(table));
    // SAFETY: it lives for ever, as what it names.
    unsafe { Machine::new(table) }.unwrap()
}

/// Time goes on to the next timer, or to the end of the wait.
extern "C" fn wait(_: *mut c_void, _: *mut c_void, timeout_us: u64) -> c_int {
    let now = now();
    let end = now.saturating_add(timeout_us.min(1 << 40));
    let next = next_due().map_or(end, |due| due.clamp(now, end));
    advance_to(next);
    tell_timers(next);
    1
}
extern "C" fn clock_us(_: *mut c_void) -> u64 {
    let now = now() + 10;
    advance_to(now);
    tell_timers(now);
    now
}

/// A port on the devices' clock.
pub fn port() -> (Port, &'static testing::Bench) {
    let (_, bench) = testing::port();
    let mut table = testing::table(std::ptr::from_ref(bench).cast_mut().cast());
    table.clock_us = Some(clock_us);
    table.wait = Some(wait);
    let table = Box::leak(Box::new(table));
    // SAFETY: both live forever, and the functions keep the contract.
    (unsafe { Port::new(table) }.unwrap(), bench)
}

fn with<T>(f: impl FnOnce(&mut Devices) -> T) -> T {
    DEVICES.with_borrow_mut(f)
}

/// The error that this call is to have.
fn failure() -> Option<c_int> {
    match FAIL.get() {
        (0, _) => None,
        (errno, 0) => {
            FAIL.set((0, 0));
            Some(-errno)
        }
        (errno, n) => {
            FAIL.set((errno, n - 1));
            None
        }
    }
}
macro_rules! may_fail {
    () => {
        if let Some(code) = failure() {
            return code;
        }
    };
}

fn post(notify: &pyr_notify, flags: u32) {
    // SAFETY: the VM that gave it is open: drivers forget what they are told to.
    if unsafe { notify.post.unwrap()(notify.vm, notify.source, flags) } == 0 {
        REFUSED.set(REFUSED.get() + 1);
    }
}

// ---- pins ----------------------------------------------------------------------------------------------------------

extern "C" fn pin_find(_: *mut c_void, id: *const pyr_id) -> c_int {
    // SAFETY: good during the call.
    let id = unsafe { *id };
    // SAFETY: a C string, good during the call.
    let label = if id.label.is_null() { None } else { Some(unsafe { CStr::from_ptr(id.label.cast()) }) };
    let label = label.map(CStr::to_bytes);
    match label {
        Some(b"fail") => FAIL.set((id.number, 0)),
        Some(b"fail later") => FAIL.set((id.number, 1)),
        _ => may_fail!(),
    }
    match (label, id.bank, id.number, id.pin) {
        (Some(b"fail" | b"fail later"), ..) => 0,
        (None, -1, n @ 0..=31, -1) => n,
        (Some(b"led"), -1, -1, -1) => 0,
        (Some(b"port"), -1, n @ 0..=15, -1) => n + 16,
        (None, 1, n @ 0..=15, -1) => n + 16,
        _ => -19,
    }
}

extern "C" fn pin_configure(user: *mut c_void, pin: c_int, config: *const pyr_pin_config) -> c_int {
    may_fail!();
    // SAFETY: good during the call.
    let config = unsafe { *config };
    if config.alt > 3 || config.drive > 2 || pin == 31 {
        return -22;
    }
    with(|d| {
        let i = pin as usize;
        if config.mode >= 0 {
            d.modes[i] = config.mode;
        }
        if config.pull >= 0 {
            d.pulls[i] = config.pull;
            if config.pull > 0 {
                d.levels[i] = config.pull & 1 != 0;
            }
        }
    });
    if config.value >= 0 { pin_write(user, pin, config.value) } else { 0 }
}

extern "C" fn pin_read(_: *mut c_void, pin: c_int) -> c_int {
    may_fail!();
    if pin == 31 { -5 } else { with(|d| d.levels[pin as usize].into()) }
}

extern "C" fn pin_write(_: *mut c_void, pin: c_int, level: c_int) -> c_int {
    may_fail!();
    let level = level != 0;
    let told = with(|d| {
        let i = pin as usize;
        d.levels[i] = level;
        if !i.is_multiple_of(2) {
            return None;
        }
        let before = std::mem::replace(&mut d.levels[i + 1], level);
        let armed = d.armed[i + 1]?;
        let edge =
            if level { PYR_PIN_RISING | PYR_PIN_HIGH_LEVEL } else { PYR_PIN_FALLING | PYR_PIN_LOW_LEVEL };
        (before != level && armed.trigger & edge != 0).then_some((armed.notify, armed.trigger & edge))
    });
    if let Some((notify, flags)) = told {
        post(&notify, flags);
    }
    0
}

extern "C" fn pin_irq(_: *mut c_void, pin: c_int, trigger: u32, notify: *const pyr_notify) -> c_int {
    may_fail!();
    if pin == 30 {
        return -22;
    }
    // SAFETY: NULL or good during the call.
    let notify = unsafe { notify.as_ref() };
    with(|d| d.armed[pin as usize] = notify.map(|notify| Armed { notify: *notify, trigger }));
    0
}

// ---- timers --------------------------------------------------------------------------------------------------------

extern "C" fn timer_open(_: *mut c_void, number: i32) -> c_int {
    may_fail!();
    with(|d| {
        let free = match number {
            -1 => (1..5).find(|i| !d.timers[*i].used).ok_or(-12),
            0 if !d.timers[0].used => Ok(0),
            0 => Err(-16),
            _ => Err(-19),
        };
        match free {
            Ok(i) => {
                d.timers[i].used = true;
                i as c_int
            }
            Err(code) => code,
        }
    })
}

extern "C" fn timer_start(
    _: *mut c_void,
    timer: c_int,
    period_us: u64,
    periodic: c_int,
    notify: *const pyr_notify,
) -> c_int {
    may_fail!();
    if period_us > 3_600_000_000 {
        return -22;
    }
    // SAFETY: good during the call.
    let notify = Some(unsafe { *notify });
    let due = now() + period_us;
    with(|d| {
        d.timers[timer as usize] =
            Timer { used: true, due, period: period_us, periodic: periodic != 0, notify }
    });
    0
}

extern "C" fn timer_close(_: *mut c_void, timer: c_int) {
    with(|d| d.timers[timer as usize] = Timer::default());
}

/// When the next timer is due.
pub fn next_due() -> Option<u64> {
    with(|d| d.timers.iter().filter(|t| t.notify.is_some()).map(|t| t.due).min())
}

/// Tells of all timers that are due.
pub fn tell_timers(now: u64) {
    loop {
        let told = with(|d| {
            let timer = d.timers.iter_mut().find(|t| t.notify.is_some() && t.due <= now)?;
            let notify = timer.notify?;
            if timer.periodic {
                timer.due += timer.period;
            } else {
                timer.notify = None;
            }
            Some(notify)
        });
        let Some(notify) = told else { return };
        post(&notify, 0);
    }
}

// ---- I2C -----------------------------------------------------------------------------------------------------------

fn numbered(id: *const pyr_id, most: i32) -> Result<i32, c_int> {
    // SAFETY: good during the call.
    let id = unsafe { &*id };
    match id.number {
        n if n >= 0 && n <= most && id.label.is_null() => Ok(n),
        _ if id.pin >= 0 && id.pin <= most => Ok(id.pin),
        _ => Err(-19),
    }
}

extern "C" fn i2c_open(_: *mut c_void, id: *const pyr_id, config: *const pyr_i2c_config) -> c_int {
    may_fail!();
    match numbered(id, 0) {
        // SAFETY: good during the call.
        Ok(n) => match unsafe { *config } {
            config if config.freq_hz > 1_000_000 => -22,
            config => {
                with(|d| d.i2c = Some(config));
                n
            }
        },
        Err(code) => code,
    }
}

extern "C" fn i2c_transfer(
    _: *mut c_void,
    _: c_int,
    address: u16,
    parts: *const pyr_i2c_part,
    n: usize,
) -> c_int {
    may_fail!();
    // SAFETY: good during the call.
    let parts = unsafe { std::slice::from_raw_parts(parts, n) };
    let mut acknowledged = 0;
    let mut first = true;
    for part in parts {
        for i in 0..part.len {
            // SAFETY: the part has so many bytes.
            let byte = unsafe { &mut *part.data.add(i) };
            let read = part.flags & PYR_I2C_READ != 0;
            match address {
                0x20 if !read && acknowledged == 1 => return acknowledged,
                0x20 => acknowledged += 1,
                0x50 if read => with(|d| {
                    *byte = d.memory[d.at as usize];
                    d.at = d.at.wrapping_add(1);
                }),
                0x50 => {
                    with(|d| {
                        if std::mem::take(&mut first) {
                            d.at = *byte;
                        } else {
                            d.memory[d.at as usize] = *byte;
                            d.at = d.at.wrapping_add(1);
                        }
                    });
                    acknowledged += 1;
                }
                _ => return -19,
            }
        }
    }
    if matches!(address, 0x20 | 0x50) { acknowledged } else { -19 }
}

extern "C" fn i2c_close(_: *mut c_void, _: c_int) {
    with(|d| d.i2c = None);
}

// ---- SPI -----------------------------------------------------------------------------------------------------------

extern "C" fn spi_open(_: *mut c_void, id: *const pyr_id, config: *const pyr_spi_config) -> c_int {
    may_fail!();
    match numbered(id, 0) {
        Ok(n) => {
            // SAFETY: good during the call.
            with(|d| d.spi = Some(unsafe { *config }));
            n
        }
        Err(code) => code,
    }
}

extern "C" fn spi_transfer(
    _: *mut c_void,
    _: c_int,
    out: *const u8,
    into: *mut u8,
    len: usize,
    fill: u32,
) -> c_int {
    may_fail!();
    for i in 0..len {
        // SAFETY: both are NULL or have so many bytes.
        unsafe {
            let sent = if out.is_null() { fill as u8 } else { *out.add(i) };
            if !into.is_null() {
                *into.add(i) = !sent;
            }
        }
    }
    0
}

extern "C" fn spi_close(_: *mut c_void, _: c_int) {
    with(|d| d.spi = None);
}

// ---- UART ----------------------------------------------------------------------------------------------------------

extern "C" fn uart_open(_: *mut c_void, id: *const pyr_id, config: *const pyr_uart_config) -> c_int {
    may_fail!();
    match numbered(id, 1) {
        Ok(1) => {
            // SAFETY: good during the call.
            with(|d| d.uart = Some(unsafe { *config }));
            1
        }
        _ => -19,
    }
}

extern "C" fn uart_read(_: *mut c_void, _: c_int, buf: *mut u8, len: usize) -> i32 {
    may_fail!();
    with(|d| {
        let n = len.min(d.line.len());
        for (i, byte) in d.line.drain(..n).enumerate() {
            // SAFETY: the buffer has `len` bytes.
            unsafe { *buf.add(i) = byte };
        }
        n as i32
    })
}

extern "C" fn uart_write(_: *mut c_void, _: c_int, buf: *const u8, len: usize) -> i32 {
    may_fail!();
    // SAFETY: the buffer has `len` bytes.
    let bytes = unsafe { std::slice::from_raw_parts(buf, len) };
    let (n, told) = with(|d| {
        let n = len.min(16 - d.line.len().min(16));
        let first = d.line.is_empty() && n > 0;
        d.line.extend(&bytes[..n]);
        (n, d.uart_armed.filter(|armed| first && armed.trigger & PYR_UART_RX != 0))
    });
    if let Some(armed) = told {
        post(&armed.notify, PYR_UART_RX);
    }
    n as i32
}

extern "C" fn uart_any(_: *mut c_void, _: c_int) -> i32 {
    may_fail!();
    with(|d| d.line.len() as i32)
}

extern "C" fn uart_tx_done(_: *mut c_void, _: c_int) -> c_int {
    may_fail!();
    1
}

extern "C" fn uart_irq(_: *mut c_void, _: c_int, trigger: u32, notify: *const pyr_notify) -> c_int {
    may_fail!();
    if trigger & PYR_UART_BREAK != 0 {
        return -22;
    }
    // SAFETY: NULL or good during the call.
    let notify = unsafe { notify.as_ref() };
    with(|d| d.uart_armed = notify.map(|notify| Armed { notify: *notify, trigger }));
    0
}

extern "C" fn uart_close(_: *mut c_void, _: c_int) {
    with(|d| {
        d.uart = None;
        d.line.clear();
    });
}

// ---- ADC, WDT, the board -------------------------------------------------------------------------------------------

extern "C" fn adc_open(_: *mut c_void, id: *const pyr_id, _: *const pyr_adc_config) -> c_int {
    may_fail!();
    match numbered(id, 3) {
        Ok(n) => {
            with(|d| d.adcs[n as usize] = true);
            n
        }
        Err(code) => code,
    }
}
extern "C" fn adc_read_u16(_: *mut c_void, adc: c_int) -> i32 {
    may_fail!();
    adc * 20_000 + 5
}
extern "C" fn adc_read_uv(_: *mut c_void, adc: c_int, out: *mut i32) -> c_int {
    may_fail!();
    // SAFETY: good during the call.
    unsafe { *out = adc * 1_000_000 };
    0
}
extern "C" fn adc_close(_: *mut c_void, adc: c_int) {
    with(|d| d.adcs[adc as usize] = false);
}

extern "C" fn wdt_open(_: *mut c_void, number: i32, timeout_us: u64) -> c_int {
    may_fail!();
    match number {
        0 if timeout_us <= 10_000_000 => 0,
        0 => -22,
        _ => -19,
    }
}
extern "C" fn wdt_feed(_: *mut c_void, _: c_int) -> c_int {
    may_fail!();
    with(|d| d.fed += 1);
    0
}

extern "C" fn board_reset(_: *mut c_void) {
    with(|d| d.reset = Some("reset"));
}
extern "C" fn board_bootloader(_: *mut c_void) {
    with(|d| d.reset = Some("bootloader"));
}
extern "C" fn board_cause(_: *mut c_void) -> c_int {
    3
}
extern "C" fn board_id(_: *mut c_void, buf: *mut u8, len: usize) -> c_int {
    may_fail!();
    for i in 0..len.min(8) {
        // SAFETY: the buffer has `len` bytes.
        unsafe { *buf.add(i) = i as u8 };
    }
    len.min(8) as c_int
}
extern "C" fn board_freq(_: *mut c_void) -> u32 {
    with(|d| d.freq)
}
extern "C" fn board_set_freq(_: *mut c_void, hz: u32) -> c_int {
    may_fail!();
    if hz > 100_000_000 {
        return -22;
    }
    with(|d| d.freq = hz);
    0
}
extern "C" fn board_light_sleep(_: *mut c_void, time_us: u64) -> c_int {
    may_fail!();
    with(|d| d.slept += time_us);
    0
}
extern "C" fn board_deep_sleep(_: *mut c_void, _: u64) -> c_int {
    may_fail!();
    with(|d| d.reset = Some("deep sleep"));
    0
}

fn kept<T>(table: T) -> *const T {
    Box::leak(Box::new(table))
}

const USER: *mut c_void = std::ptr::null_mut();

/// The tables of a board that has everything, for ever.
pub fn board() -> pyr_machine {
    pyr_machine {
        abi_size: size_of::<pyr_machine>() as u32,
        system: kept(pyr_system_ops {
            abi_size: size_of::<pyr_system_ops>() as u32,
            reset: Some(board_reset),
            reset_cause: Some(board_cause),
            unique_id: Some(board_id),
            get_freq: Some(board_freq),
            set_freq: Some(board_set_freq),
            idle: None,
            light_sleep: Some(board_light_sleep),
            deep_sleep: Some(board_deep_sleep),
            bootloader: Some(board_bootloader),
            user: USER,
        }),
        pin: kept(pins()),
        timer: kept(pyr_timer_ops {
            abi_size: size_of::<pyr_timer_ops>() as u32,
            open: Some(timer_open),
            start: Some(timer_start),
            close: Some(timer_close),
            user: USER,
        }),
        i2c: kept(pyr_i2c_ops {
            abi_size: size_of::<pyr_i2c_ops>() as u32,
            open: Some(i2c_open),
            transfer: Some(i2c_transfer),
            probe: None,
            close: Some(i2c_close),
            user: USER,
        }),
        spi: kept(pyr_spi_ops {
            abi_size: size_of::<pyr_spi_ops>() as u32,
            open: Some(spi_open),
            transfer: Some(spi_transfer),
            close: Some(spi_close),
            user: USER,
        }),
        uart: kept(pyr_uart_ops {
            abi_size: size_of::<pyr_uart_ops>() as u32,
            open: Some(uart_open),
            read: Some(uart_read),
            write: Some(uart_write),
            any: Some(uart_any),
            tx_done: Some(uart_tx_done),
            irq: Some(uart_irq),
            send_break: None,
            close: Some(uart_close),
            user: USER,
        }),
        adc: kept(pyr_adc_ops {
            abi_size: size_of::<pyr_adc_ops>() as u32,
            open: Some(adc_open),
            read_u16: Some(adc_read_u16),
            read_uv: Some(adc_read_uv),
            close: Some(adc_close),
            user: USER,
        }),
        wdt: kept(pyr_wdt_ops {
            abi_size: size_of::<pyr_wdt_ops>() as u32,
            open: Some(wdt_open),
            feed: Some(wdt_feed),
            user: USER,
        }),
    }
}

/// Its pins; `toggle` is left to the library.
pub fn pins() -> pyr_pin_ops {
    pyr_pin_ops {
        abi_size: size_of::<pyr_pin_ops>() as u32,
        find: Some(pin_find),
        configure: Some(pin_configure),
        read: Some(pin_read),
        write: Some(pin_write),
        toggle: None,
        irq: Some(pin_irq),
        user: USER,
    }
}
