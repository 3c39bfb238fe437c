//! Python in Rust firmware: `include/pyrite.h` with Rust's types in front.
//!
//! ```ignore
//! let vm = unsafe { Vm::open(memory, port, &Config::default()) }?;
//! vm.enter(None, |py| {
//!     py.exec("def scale(n):\n    return n * 3\n", c"main.py")?;
//!     py.lookup(c"__main__", c"scale")?.call(&[&py.int(14)?])?.to_i32()
//! })?
//! ```
//!
//! Invariants
//! - a [`Python`] exists only while its task is inside the VM, so whoever has one may use the VM; it cannot leave its task
//!   nor the call of [`Vm::enter`] that made it, and neither can the [`Object`]s that come from it;
//! - exceptions are values ([`Error::Raised`]), with their texts in storage of their own: nothing here allocates;
//! - one function asks for a promise, [`Vm::open`]: the port must be right, which no type can say.
#![no_std]

mod error;
mod ffi;
mod object;

pub use error::{Error, Exception, Status, Text};
pub use object::{Kept, Object};
#[cfg(feature = "library")]
pub use pyrite::port::pyr_port;

use core::ffi::CStr;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use ffi::{Entry, RawVm, checked};

/// The table of `pyrite_port.h`, which C fills: only its address is used here.
#[cfg(not(feature = "library"))]
#[allow(non_camel_case_types)]
#[repr(C)]
pub struct pyr_port {
    _of_c: [u8; 0],
}

/// What a VM is laid out for; 0 in a field is the default that `pyrite.h` gives.
#[derive(Clone, Copy, Default)]
pub struct Config {
    /// Bytes of the value stack of each task that enters.
    pub fiber_bytes: u32,
    /// Tasks inside at the same time.
    pub max_tasks: u16,
    /// References ([`Object`], [`Kept`]) alive at the same time.
    pub refs: u16,
    /// Posts that wait at the same time.
    pub events: u16,
}

/// A VM. Any task may have a reference to it.
pub struct Vm {
    raw: NonNull<RawVm>,
}

// SAFETY: the C interface may be called from every task, and finds out who calls.
unsafe impl Send for Vm {}
// SAFETY: as above.
unsafe impl Sync for Vm {}

impl Vm {
    /// Makes a VM in memory that it keeps for good. Called from a task.
    ///
    /// # Safety
    /// The port's functions do what `pyrite_port.h` asks of them.
    pub unsafe fn open(
        memory: &'static mut [u64],
        port: &'static pyr_port,
        config: &Config,
    ) -> Result<Vm, Status> {
        let config = ffi::config(config);
        let mut raw = core::ptr::null_mut();
        // SAFETY: the memory is ours and is given away; the caller vouches for the port.
        checked(unsafe {
            ffi::pyr_open(memory.as_mut_ptr().cast(), size_of_val(memory), port, &config, &mut raw)
        })?;
        NonNull::new(raw).map(|raw| Vm { raw }).ok_or(Status::MEMORY)
    }

    /// Runs `work` inside the VM: waits for its lock at most `timeout_ms` (`None`: for ever), and gives it back afterwards.
    /// May be nested.
    pub fn enter<T>(
        &self,
        timeout_ms: Option<u32>,
        work: impl for<'py> FnOnce(&'py Python<'py>) -> T,
    ) -> Result<T, Status> {
        /// Leaves in any case, a panic included.
        struct Stay(*mut RawVm, *mut Entry);
        impl Drop for Stay {
            fn drop(&mut self) {
                // SAFETY: the VM is open, and the entry is where `pyr_enter` was given it; stays end in turn.
                unsafe { ffi::pyr_leave(self.0, self.1) };
            }
        }
        // It does not move: nothing but its address is used.
        let mut entry = MaybeUninit::uninit();
        let stay = Stay(self.raw.as_ptr(), entry.as_mut_ptr());
        // SAFETY: the VM is open as long as `self` lives; the entry stays until it is left.
        match checked(unsafe { ffi::pyr_enter(stay.0, stay.1, timeout_ms.unwrap_or(u32::MAX)) }) {
            Ok(_) => Ok(work(&Python { vm: self, _of_this_task: PhantomData })),
            Err(refused) => {
                core::mem::forget(stay);
                Err(refused)
            }
        }
    }

    /// The program that runs gets `KeyboardInterrupt`; false where it has switched that off. Legal from every task and
    /// interrupt.
    pub fn interrupt(&self) -> bool {
        // SAFETY: the VM is open as long as `self` lives.
        unsafe { ffi::pyr_interrupt(self.raw.as_ptr()) > 0 }
    }

    /// Has `handler(value)` called at the next safepoint. Legal from every task and interrupt.
    pub fn post(&self, handler: &Kept, value: i32) -> Result<(), Status> {
        // SAFETY: as above.
        checked(unsafe { ffi::pyr_post(self.raw.as_ptr(), handler.raw, value) }).map(drop)
    }
}

/// Leave to use the VM, while [`Vm::enter`] runs.
pub struct Python<'vm> {
    vm: &'vm Vm,
    _of_this_task: PhantomData<*mut ()>,
}

impl<'vm> Python<'vm> {
    pub(crate) fn raw(&self) -> *mut RawVm {
        self.vm.raw.as_ptr()
    }

    /// An object that a function of the interface makes.
    fn made(&self, make: impl FnOnce(*mut RawVm, *mut ffi::Ref) -> i32) -> Result<Object<'_>, Error> {
        let mut raw = ffi::Ref { bits: 0 };
        self.done(make(self.raw(), &mut raw))?;
        Ok(Object { python: self, raw })
    }

    /// A status as a result; the exception that waits is taken.
    fn done(&self, status: i32) -> Result<i32, Error> {
        checked(status).map_err(|status| match status {
            Status::EXCEPTION => Error::take(self),
            status => Error::Refused(status),
        })
    }

    /// Runs source text in the globals of `__main__`; tracebacks call it `name`.
    pub fn exec(&self, source: &str, name: &CStr) -> Result<(), Error> {
        // SAFETY: both texts are what they say, and are copied.
        let status =
            unsafe { ffi::pyr_exec(self.raw(), source.as_ptr().cast(), source.len(), name.as_ptr(), 0) };
        self.done(status).map(drop)
    }

    /// A global of a module; `__main__` is the program.
    pub fn lookup(&self, module: &CStr, name: &CStr) -> Result<Object<'_>, Error> {
        // SAFETY: texts with a NUL, and room for a reference.
        self.made(|vm, out| unsafe { ffi::pyr_lookup(vm, module.as_ptr(), name.as_ptr(), out) })
    }

    pub fn int(&self, value: i64) -> Result<Object<'_>, Error> {
        // SAFETY: room for a reference.
        self.made(|vm, out| unsafe { ffi::pyr_new_int(vm, value, out) })
    }

    pub fn float(&self, value: f64) -> Result<Object<'_>, Error> {
        // SAFETY: as above.
        self.made(|vm, out| unsafe { ffi::pyr_new_float(vm, value, out) })
    }

    pub fn str(&self, text: &str) -> Result<Object<'_>, Error> {
        // SAFETY: as above; the text is copied.
        self.made(|vm, out| unsafe { ffi::pyr_new_str(vm, text.as_ptr().cast(), text.len(), out) })
    }

    /// The object of a reference that was kept.
    pub fn object(&self, kept: &Kept) -> Result<Object<'_>, Error> {
        let mut second = ffi::Ref { bits: 0 };
        // SAFETY: room for a reference. One of another VM is found out.
        self.done(unsafe { ffi::pyr_keep(self.raw(), kept.raw, &mut second) })?;
        Ok(Object { python: self, raw: second })
    }

    /// Serves posts for `timeout_ms` (`None`: until an exception ends it), sleeping in between.
    pub fn serve(&self, timeout_ms: Option<u32>) -> Result<(), Error> {
        // SAFETY: this task is inside.
        self.done(unsafe { ffi::pyr_serve(self.raw(), timeout_ms.unwrap_or(u32::MAX)) }).map(drop)
    }

    /// Each further call takes at most so many safepoints and milliseconds (0: no limit), else `TimeoutError`.
    pub fn set_limits(&self, ticks: u32, ms: u32) -> Result<(), Error> {
        // SAFETY: this task is inside.
        self.done(unsafe { ffi::pyr_set_limits(self.raw(), ticks, ms) }).map(drop)
    }
}
