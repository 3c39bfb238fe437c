//! Rank 1: the RTOS and the board as C tables of functions, and the safe face that the rest of Pyrite uses.
//!
//! Invariants: a `Port` exists only over a table whose size and mandatory functions were checked by [`Port::new`], whose
//! caller vouched that the table outlives the VM and keeps the contract of `include/pyrite_port.h`. Storage handed to the
//! port (mutexes, wake objects) is carved from a [`Region`] once and never reused, so its address stays good until the VM
//! is closed. Nothing here allocates, panics or keeps state of its own.
#![allow(unsafe_code)] // rank 1: the only way to an RTOS leads through C functions

#[rustfmt::skip] // as bindgen writes it, so that the test can compare
pub mod bindings;
mod files;
mod loan;
#[cfg(feature = "machine-tables")]
pub mod machine;
#[cfg(feature = "extra")]
pub mod memory;
#[cfg(feature = "natives")]
pub mod queue;
mod region;
mod sync;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;

pub use bindings::{
    PYR_OPEN_APPEND, PYR_OPEN_CREATE, PYR_OPEN_EXCLUSIVE, PYR_OPEN_READ, PYR_OPEN_TRUNCATE, PYR_OPEN_WRITE,
};
pub use bindings::{pyr_files, pyr_port};
pub use files::{Errno, FileKind, Files, Origin, Space, Stat};
pub use loan::Loan;
pub use region::Region;
#[cfg(feature = "thread")]
pub use sync::TaskSlot;
pub use sync::{Critical, Mutex, Wake};

use crate::base::sink::{Full, Put, Sink};
use core::ffi::CStr;
use core::ptr::NonNull;

/// A timeout that never ends.
pub const FOREVER: u64 = u64::MAX;

/// What came from the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// This many bytes were put into the buffer, at least one.
    Bytes(usize),
    /// Nothing waits at the moment.
    Nothing,
    /// Nothing will ever come again.
    End,
}

/// Why a table was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPort {
    /// NULL, or not aligned.
    Null,
    /// Compiled against another header.
    Size,
    /// A function that is not optional is NULL.
    Missing,
    /// An alignment is not a power of two.
    Align,
}

/// The port of one VM. A pointer in size; copies are the same port.
#[derive(Clone, Copy)]
pub struct Port {
    table: &'static pyr_port,
}

// SAFETY: the table is read-only after `Port::new`, and its functions are by contract callable from every task.
unsafe impl Send for Port {}
// SAFETY: as above.
unsafe impl Sync for Port {}

/// Calls a function of the table with its `user`; the second form gives the value for an absent one.
macro_rules! call {
    ($table:expr, $name:ident ( $($arg:expr),* ) else $absent:expr) => {{
        let table = $table;
        match table.$name {
            // SAFETY: `Port::new`'s caller vouched for the functions' contract, and the arguments are valid for the
            // length of the call because they come from references or from storage carved out of a `Region`.
            Some(function) => unsafe { function(table.user $(, $arg)*) },
            None => $absent,
        }
    }};
}
pub(in crate::port) use call;

/// The same with a function that is there in every table that `Port::new` has let through.
macro_rules! call_present {
    ($table:expr, $name:ident ( $($arg:expr),* )) => {{
        let table = $table;
        // SAFETY: `Port::new` has looked; for the rest as above.
        unsafe { table.$name.unwrap_unchecked()(table.user $(, $arg)*) }
    }};
}
pub(in crate::port) use call_present;

impl Port {
    /// Checks a table and wraps it.
    ///
    /// # Safety
    /// `table` is NULL or points to a `struct pyr_port` whose first field can be read; if that field is the struct's size,
    /// the whole struct (and what it points to) stays in place, unchanged, as long as any `Port` made of it is used, and
    /// its functions keep the contract of `pyrite_port.h`.
    pub unsafe fn new(table: *const pyr_port) -> Result<Port, BadPort> {
        let table = NonNull::new(table.cast_mut()).filter(|t| t.is_aligned()).ok_or(BadPort::Null)?;
        // SAFETY: the caller promises that the first field can be read.
        let size = unsafe { table.cast::<u32>().read() };
        if size as usize != size_of::<pyr_port>() {
            return Err(BadPort::Size);
        }
        // SAFETY: the size says that it is a whole table, and the caller promises that it stays.
        let table = unsafe { table.as_ref() };
        let present = table.clock_us.is_some()
            && table.mutex_init.is_some()
            && table.mutex_lock.is_some()
            && table.mutex_unlock.is_some()
            && table.mutex_end.is_some()
            && table.wake_init.is_some()
            && table.wake.is_some()
            && table.wait.is_some()
            && table.wake_end.is_some()
            && table.task_self.is_some()
            && table.yield_now.is_some()
            && table.stack_left.is_some()
            && table.console_read.is_some()
            && table.console_write.is_some()
            && table.console_notify.is_some()
            && table.critical_enter.is_some()
            && table.critical_exit.is_some()
            && table.fatal.is_some();
        if !present {
            return Err(BadPort::Missing);
        }
        let tasks = table.task_create.is_none()
            || table.task_end.is_some() && table.task_reap.is_some() && table.task_align.is_power_of_two();
        if !tasks {
            return Err(BadPort::Missing);
        }
        let stack = table.stack_align == 0 || table.stack_align.is_power_of_two();
        if !table.mutex_align.is_power_of_two() || !table.wake_align.is_power_of_two() || !stack {
            return Err(BadPort::Align);
        }
        let port = Port { table };
        match port.files_table() {
            Some(files) if !Files::is_whole(files) => Err(BadPort::Size),
            _ => Ok(port),
        }
    }

    /// Microseconds since some start; never goes back.
    #[inline]
    pub fn clock_us(&self) -> u64 {
        call!(self.table, clock_us() else 0)
    }

    /// The board's fastest counter, modulo 2^32.
    pub fn cpu_ticks(&self) -> u32 {
        call!(self.table, cpu_ticks() else self.clock_us() as u32)
    }

    /// Microseconds since 1970, if the board knows.
    pub fn epoch_us(&self) -> Option<i64> {
        self.table.epoch_us?;
        Some(call!(self.table, epoch_us() else 0))
    }

    /// Identity of the calling task; `None` in an interrupt.
    #[inline]
    pub fn task_self(&self) -> Option<core::num::NonZeroUsize> {
        core::num::NonZeroUsize::new(call_present!(self.table, task_self()))
    }

    /// Lets another task of the same priority run.
    pub fn yield_now(&self) {
        call!(self.table, yield_now() else ());
    }

    /// The port wants to be told while Python code runs.
    #[cfg(not(feature = "tiny"))]
    pub fn counts_running(&self) -> bool {
        self.table.running.is_some()
    }

    /// Python code has run past so many safepoints; others may run meanwhile.
    #[cfg(not(feature = "tiny"))]
    pub fn running(&self, safepoints: u32) {
        call!(self.table, running(safepoints) else ());
    }

    /// How long a task waits for the VM before it asks for it.
    pub fn slice_us(&self) -> u32 {
        self.table.slice_us
    }

    /// The port can start tasks.
    #[cfg(feature = "thread")]
    pub fn has_tasks(&self) -> bool {
        self.table.task_create.is_some()
    }

    /// Alignment of a task's stack; 0 where the system has stacks of its own.
    #[cfg(feature = "thread")]
    pub fn stack_align(&self) -> usize {
        self.table.stack_align.into()
    }

    /// Bytes that a `TaskSlot` takes at most.
    #[cfg(feature = "thread")]
    pub fn task_room(&self) -> usize {
        usize::from(self.table.task_size).saturating_add(self.table.task_align.into())
    }

    /// Bytes of stack that the calling task may still use.
    #[inline]
    pub fn stack_left(&self) -> usize {
        call_present!(self.table, stack_left())
    }

    /// Takes what has come in, without waiting.
    pub fn console_read(&self, into: &mut [u8]) -> Input {
        match call!(self.table, console_read(into.as_mut_ptr(), into.len()) else -1) {
            count if count > 0 => Input::Bytes((count as usize).min(into.len())),
            0 => Input::Nothing,
            _ => Input::End,
        }
    }

    /// Sends all bytes; false when the console is gone.
    pub fn console_write(&self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            let count = call!(self.table, console_write(bytes.as_ptr(), bytes.len()) else -1);
            match usize::try_from(count).ok().filter(|n| *n > 0).and_then(|n| bytes.get(n..)) {
                Some(rest) => bytes = rest,
                None => return false,
            }
        }
        true
    }

    /// Sends text; with `crlf` a carriage return before each line feed that has none.
    pub fn console_text(&self, bytes: &[u8], crlf: bool) -> bool {
        if !crlf {
            return self.console_write(bytes);
        }
        bytes.split_inclusive(|b| *b == b'\n').all(|line| match line.strip_suffix(b"\n") {
            Some(text) if !text.ends_with(b"\r") => self.console_write(text) && self.console_write(b"\r\n"),
            _ => self.console_write(line),
        })
    }
    /// Whether text lines end in CR LF.
    pub fn console_crlf(&self) -> bool {
        self.table.console & bindings::PYR_CONSOLE_CRLF as u16 != 0
    }

    /// From now on input sets `wake`; `None` ends that.
    pub fn console_notify(&self, wake: Option<&Wake>) {
        let place = wake.map_or(core::ptr::null_mut(), |wake| wake.place());
        call!(self.table, console_notify(place) else ());
    }

    /// Fills `into` with what randomness the board has; returns how many bytes are random.
    pub fn entropy(&self, into: &mut [u8]) -> usize {
        call!(self.table, entropy(into.as_mut_ptr(), into.len()) else 0).min(into.len())
    }

    /// The value of a variable of the environment; to be copied at once.
    pub fn variable(&self, name: &CStr) -> Option<&CStr> {
        let value = call!(self.table, variable_get(name.as_ptr().cast()) else core::ptr::null());
        // SAFETY: the port's contract says that it is a C string, which stays until `variable_set` is called.
        (!value.is_null()).then(|| unsafe { CStr::from_ptr(value.cast()) })
    }

    /// Sets a variable of the environment, or takes it away.
    pub fn set_variable(&self, name: &CStr, value: Option<&CStr>) -> Result<(), Errno> {
        let value = value.map_or(core::ptr::null(), CStr::as_ptr);
        let code = call!(self.table, variable_set(name.as_ptr().cast(), value.cast()) else -1);
        if code < 0 { Err(files::errno(code)) } else { Ok(()) }
    }

    /// Stops the VM's part of the firmware: its own state is broken.
    pub fn fatal(&self, reason: &CStr) -> ! {
        call!(self.table, fatal(reason.as_ptr().cast()) else ());
        // A port that returns from `fatal` breaks its contract; going on would be worse than standing still.
        loop {
            core::hint::spin_loop();
        }
    }

    /// The board's files, if it has any.
    pub fn files(&self) -> Option<Files> {
        self.files_table().map(Files::new)
    }

    fn files_table(&self) -> Option<&'static pyr_files> {
        // SAFETY: `Port::new`'s caller promised that what the table points to stays in place.
        unsafe { self.table.files.as_ref() }
    }
}

/// The console as a text sink.
impl Sink for Port {
    fn write(&mut self, bytes: &[u8]) -> Put {
        if self.console_write(bytes) { Ok(()) } else { Err(Full) }
    }
}
