//! The devices of the board (`struct pyr_machine`) with results instead of negative numbers.
//!
//! Invariants
//! - a `Machine` exists only over tables whose sizes and functions were checked by `Machine::new`, whose caller vouched
//!   that they outlive the VM and keep the contract of `include/pyrite_machine.h`;
//! - handles are the driver's own numbers: a wrong one gives an `Errno`;
//! - whether a function may block, and so wants the VM's lock given back before, says the header.

#[rustfmt::skip] // as bindgen writes it, so that the test can compare
pub mod bindings;

use self::bindings::*;
use super::files::errno;
use super::{BadPort, Errno, call};

pub use super::loan::Loan;
use core::ptr::{NonNull, null};
use cty::{c_int, c_void};

pub use self::bindings::{
    PYR_I2C_READ, PYR_I2C_STOP, PYR_UART_RX, PYR_UART_TX_ROOM, pyr_adc_config as AdcConfig,
    pyr_i2c_config as I2cConfig, pyr_id as Id, pyr_machine, pyr_pin_config as PinConfig,
    pyr_spi_config as SpiConfig, pyr_uart_config as UartConfig,
};

/// The devices of one VM. Copies are the same devices.
#[derive(Clone, Copy)]
pub struct Machine {
    table: Option<&'static pyr_machine>,
}

/// How a driver tells of its device.
pub struct Notify(pyr_notify);

impl Notify {
    /// # Safety
    /// `post` is good for `vm` and `source`, from any task or interrupt, until the driver has been told to forget it.
    pub unsafe fn new(
        post: unsafe extern "C" fn(*mut c_void, u32, u32) -> c_int,
        vm: *mut c_void,
        source: u32,
    ) -> Notify {
        Notify(pyr_notify { post: Some(post), vm, source })
    }
}

/// A class's face over its table; the functions named must be there.
macro_rules! class {
    ($(#[$doc:meta])* $face:ident over $ops:ident: $($needed:ident)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $face {
            table: &'static $ops,
        }
        impl $face {
            /// # Safety
            /// As `Machine::new`.
            unsafe fn check(at: *const $ops) -> Result<(), BadPort> {
                let Some(table) = NonNull::new(at.cast_mut()) else { return Ok(()) };
                if !table.is_aligned() {
                    return Err(BadPort::Null);
                }
                // SAFETY: the caller promises that the first field can be read.
                if unsafe { table.cast::<u32>().read() } as usize != size_of::<$ops>() {
                    return Err(BadPort::Size);
                }
                // SAFETY: the size says that it is a whole table, and the caller promises that it stays.
                let whole = |_table: &$ops| [$(_table.$needed.is_some()),*].iter().all(|there: &bool| *there);
                // SAFETY: as above.
                if whole(unsafe { table.as_ref() }) { Ok(()) } else { Err(BadPort::Missing) }
            }
            /// # Safety
            /// `at` is NULL or was checked.
            unsafe fn over(at: *const $ops) -> Option<$face> {
                // SAFETY: the caller's promise.
                unsafe { at.as_ref() }.map(|table| $face { table })
            }
        }
    };
}

class!(System over pyr_system_ops:);
class!(Pins over pyr_pin_ops: find configure read write);
class!(Timers over pyr_timer_ops: open start close);
class!(I2c over pyr_i2c_ops: open transfer close);
class!(Spi over pyr_spi_ops: open transfer close);
class!(Uarts over pyr_uart_ops: open read write any tx_done close);
class!(Adcs over pyr_adc_ops: open read_u16 close);
class!(Watchdogs over pyr_wdt_ops: open feed);

/// Each class: its accessor, its field, the cargo feature that has it.
macro_rules! classes {
    ($($name:ident $face:ident $feature:literal)*) => {
        /// # Safety
        /// As `Machine::new`.
        unsafe fn check_classes(table: &pyr_machine) -> Result<(), BadPort> {
            $(
                if !cfg!(feature = $feature) && !table.$name.is_null() {
                    return Err(BadPort::Missing);
                }
                // SAFETY: the caller's promise.
                unsafe { $face::check(table.$name)? };
            )*
            Ok(())
        }
        impl Machine {
            $(
                pub fn $name(self) -> Option<$face> {
                    // SAFETY: `new` has checked it.
                    unsafe { $face::over(self.table?.$name) }
                }
            )*
        }
    };
}
classes! {
    system System "machine-system"
    pin Pins "machine-pin"
    timer Timers "machine-timer"
    i2c I2c "machine-i2c"
    spi Spi "machine-spi"
    uart Uarts "machine-uart"
    adc Adcs "machine-adc"
    wdt Watchdogs "machine-wdt"
}

impl Machine {
    /// A board without devices.
    pub const NONE: Machine = Machine { table: None };

    /// Checks the tables and wraps them; NULL is no devices. A class that this build of the library has not is refused.
    ///
    /// # Safety
    /// `table` is NULL or points to a `struct pyr_machine` whose first field can be read; if that is the struct's size, the
    /// whole struct and the tables that it names, of which the same is true, stay in place, unchanged, as long as a VM has
    /// them, and their functions keep the contract of `pyrite_machine.h`.
    pub unsafe fn new(table: *const pyr_machine) -> Result<Machine, BadPort> {
        let Some(table) = NonNull::new(table.cast_mut()) else { return Ok(Machine::NONE) };
        if !table.is_aligned() {
            return Err(BadPort::Null);
        }
        // SAFETY: the caller promises that the first field can be read.
        if unsafe { table.cast::<u32>().read() } as usize != size_of::<pyr_machine>() {
            return Err(BadPort::Size);
        }
        // SAFETY: the size says that it is a whole table, and the caller promises that it stays.
        let table = unsafe { table.as_ref() };
        // SAFETY: the caller's promise.
        unsafe { check_classes(table)? };
        Ok(Machine { table: Some(table) })
    }
}

/// A negative answer is an error.
fn done(code: c_int) -> Result<i32, Errno> {
    if code >= 0 { Ok(code) } else { Err(errno(code)) }
}

/// A driver that claims more bytes than there was room for does not get to lead anyone out of the buffer.
fn count(code: i32, room: usize) -> Result<usize, Errno> {
    done(code).map(|n| (n as usize).min(room))
}

/// What an optional function that is absent answers.
const CANNOT: c_int = -(Errno::EOPNOTSUPP.0 as c_int);
/// What a function that was checked for answers where it is missing all the same.
const MISSING: c_int = -1;

fn place(notify: Option<&Notify>) -> *const pyr_notify {
    notify.map_or(null(), |notify| &notify.0)
}

impl Pins {
    pub fn find(self, id: &Id) -> Result<i32, Errno> {
        done(call!(self.table, find(id) else MISSING))
    }
    pub fn configure(self, pin: i32, config: &PinConfig) -> Result<(), Errno> {
        done(call!(self.table, configure(pin, config) else MISSING)).map(|_| ())
    }
    pub fn read(self, pin: i32) -> Result<bool, Errno> {
        done(call!(self.table, read(pin) else MISSING)).map(|level| level != 0)
    }
    pub fn write(self, pin: i32, level: bool) -> Result<(), Errno> {
        done(call!(self.table, write(pin, level.into()) else MISSING)).map(|_| ())
    }
    pub fn toggle(self, pin: i32) -> Result<(), Errno> {
        if self.table.toggle.is_none() {
            return self.write(pin, !self.read(pin)?);
        }
        done(call!(self.table, toggle(pin) else MISSING)).map(|_| ())
    }
    /// `None` ends it.
    pub fn irq(self, pin: i32, trigger: u32, notify: Option<&Notify>) -> Result<(), Errno> {
        done(call!(self.table, irq(pin, trigger, place(notify)) else CANNOT)).map(|_| ())
    }
}

impl Timers {
    pub fn open(self, number: i32) -> Result<i32, Errno> {
        done(call!(self.table, open(number) else MISSING))
    }
    pub fn start(self, timer: i32, period_us: u64, periodic: bool, notify: &Notify) -> Result<(), Errno> {
        let notify = place(Some(notify));
        done(call!(self.table, start(timer, period_us, periodic.into(), notify) else MISSING)).map(|_| ())
    }
    pub fn close(self, timer: i32) {
        call!(self.table, close(timer) else ());
    }
}

impl I2c {
    pub fn open(self, id: &Id, config: &I2cConfig) -> Result<i32, Errno> {
        done(call!(self.table, open(id, config) else MISSING))
    }
    /// Writes `head`, if there is any, then writes `body` or reads it.
    pub fn transfer(self, bus: i32, address: u16, head: &[u8], body: Loan, flags: u32) -> Result<i32, Errno> {
        let parts = [
            pyr_i2c_part { data: head.as_ptr().cast_mut(), len: head.len(), flags: 0 },
            pyr_i2c_part { data: body.start, len: body.len, flags },
        ];
        let parts = parts.get(usize::from(head.is_empty())..).unwrap_or(&[]);
        done(call!(self.table, transfer(bus, address, parts.as_ptr(), parts.len()) else MISSING))
    }
    /// Whether a device answers.
    pub fn probe(self, bus: i32, address: u16) -> Result<bool, Errno> {
        if self.table.probe.is_some() {
            return done(call!(self.table, probe(bus, address) else MISSING)).map(|yes| yes != 0);
        }
        match self.transfer(bus, address, &[], Loan::NONE, PYR_I2C_STOP) {
            Ok(_) => Ok(true),
            Err(Errno::ENODEV | Errno::EIO | Errno::ETIMEDOUT) => Ok(false),
            Err(e) => Err(e),
        }
    }
    pub fn close(self, bus: i32) {
        call!(self.table, close(bus) else ());
    }
}

impl Spi {
    pub fn open(self, id: &Id, config: &SpiConfig) -> Result<i32, Errno> {
        done(call!(self.table, open(id, config) else MISSING))
    }
    /// Sends what is in `out`, or `fill` as often, and fills `into` if there is one; both are of one length.
    pub fn transfer(self, bus: i32, out: Option<Loan>, into: Option<Loan>, fill: u32) -> Result<(), Errno> {
        let (Loan { len, .. }, send) = (out.or(into).unwrap_or(Loan::NONE), out.unwrap_or(Loan::NONE));
        let take = into.filter(|into| into.len >= len).unwrap_or(Loan::NONE);
        done(call!(self.table, transfer(bus, send.start, take.start, len, fill) else MISSING)).map(|_| ())
    }
    pub fn close(self, bus: i32) {
        call!(self.table, close(bus) else ());
    }
}

impl Uarts {
    pub fn open(self, id: &Id, config: &UartConfig) -> Result<i32, Errno> {
        done(call!(self.table, open(id, config) else MISSING))
    }
    pub fn read(self, uart: i32, into: &mut [u8]) -> Result<usize, Errno> {
        let room = into.len();
        count(call!(self.table, read(uart, into.as_mut_ptr(), room) else MISSING), room)
    }
    pub fn write(self, uart: i32, bytes: &[u8]) -> Result<usize, Errno> {
        count(call!(self.table, write(uart, bytes.as_ptr(), bytes.len()) else MISSING), bytes.len())
    }
    pub fn any(self, uart: i32) -> Result<i32, Errno> {
        done(call!(self.table, any(uart) else MISSING))
    }
    pub fn tx_done(self, uart: i32) -> Result<bool, Errno> {
        done(call!(self.table, tx_done(uart) else MISSING)).map(|yes| yes != 0)
    }
    pub fn has_irq(self) -> bool {
        self.table.irq.is_some()
    }
    /// `None` ends it.
    pub fn irq(self, uart: i32, trigger: u32, notify: Option<&Notify>) -> Result<(), Errno> {
        done(call!(self.table, irq(uart, trigger, place(notify)) else CANNOT)).map(|_| ())
    }
    pub fn send_break(self, uart: i32) -> Result<(), Errno> {
        done(call!(self.table, send_break(uart) else CANNOT)).map(|_| ())
    }
    pub fn close(self, uart: i32) {
        call!(self.table, close(uart) else ());
    }
}

impl Adcs {
    pub fn open(self, id: &Id, config: &AdcConfig) -> Result<i32, Errno> {
        done(call!(self.table, open(id, config) else MISSING))
    }
    pub fn read_u16(self, adc: i32) -> Result<u16, Errno> {
        done(call!(self.table, read_u16(adc) else MISSING)).map(|n| n.min(0xffff) as u16)
    }
    pub fn read_uv(self, adc: i32) -> Result<i32, Errno> {
        let mut microvolts = 0;
        done(call!(self.table, read_uv(adc, &mut microvolts) else CANNOT)).map(|_| microvolts)
    }
    pub fn close(self, adc: i32) {
        call!(self.table, close(adc) else ());
    }
}

impl Watchdogs {
    pub fn open(self, number: i32, timeout_us: u64) -> Result<i32, Errno> {
        done(call!(self.table, open(number, timeout_us) else MISSING))
    }
    pub fn feed(self, wdt: i32) -> Result<(), Errno> {
        done(call!(self.table, feed(wdt) else MISSING)).map(|_| ())
    }
}

/// What a board can do; a function that it has not is not in the module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    Reset,
    ResetCause,
    UniqueId,
    Freq,
    LightSleep,
    DeepSleep,
    Bootloader,
}

impl System {
    pub fn has(self, what: Ability) -> bool {
        let table = self.table;
        match what {
            Ability::Reset => table.reset.is_some(),
            Ability::ResetCause => table.reset_cause.is_some(),
            Ability::UniqueId => table.unique_id.is_some(),
            Ability::Freq => table.get_freq.is_some(),
            Ability::LightSleep => table.light_sleep.is_some(),
            Ability::DeepSleep => table.deep_sleep.is_some(),
            Ability::Bootloader => table.bootloader.is_some(),
        }
    }
    /// Comes back only from a driver that breaks its contract.
    pub fn reset(self) {
        call!(self.table, reset() else ());
    }
    pub fn reset_cause(self) -> i32 {
        call!(self.table, reset_cause() else 0)
    }
    pub fn unique_id(self, into: &mut [u8]) -> Result<usize, Errno> {
        let room = into.len();
        count(call!(self.table, unique_id(into.as_mut_ptr(), room) else MISSING), room)
    }
    pub fn freq(self) -> u32 {
        call!(self.table, get_freq() else 0)
    }
    pub fn set_freq(self, hz: u32) -> Result<(), Errno> {
        done(call!(self.table, set_freq(hz) else CANNOT)).map(|_| ())
    }
    /// False where the board has nothing of its own for that.
    pub fn idle(self) -> bool {
        call!(self.table, idle() else ());
        self.table.idle.is_some()
    }
    pub fn light_sleep(self, time_us: u64) -> Result<(), Errno> {
        done(call!(self.table, light_sleep(time_us) else CANNOT)).map(|_| ())
    }
    pub fn deep_sleep(self, time_us: u64) -> Result<(), Errno> {
        done(call!(self.table, deep_sleep(time_us) else CANNOT)).map(|_| ())
    }
    pub fn bootloader(self) {
        call!(self.table, bootloader() else ());
    }
}
