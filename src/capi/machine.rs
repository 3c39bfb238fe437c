//! The devices that the firmware gives a VM.

use super::inst::{self, Inst};
use super::status::{self, Status};
use crate::port::BadPort;
use crate::port::machine::{Machine, pyr_machine};

/// # Safety
/// As `Inst::open`; `table` is NULL or as `pyrite_machine.h` says, until `pyr_close`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_set_machine(vm: *mut Inst, table: *const pyr_machine) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        // SAFETY: the caller's promise.
        let machine = unsafe { Machine::new(table) }.map_err(|why| match why {
            BadPort::Null => status::NULL,
            _ => status::ABI,
        })?;
        if inst.vm(task).set_machine(machine) { Ok(()) } else { Err(status::NESTING) }
    }))
}
