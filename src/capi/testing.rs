//! What tests of firmware need and no firmware does: allocations that fail, and the heap's verifier. Not in `pyrite.h`.

use super::inst::{self, Inst};
use super::status::{self, Status};

/// The `n`-th allocation from now fails, or it and all that follow; 0 ends it.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_testing_fail(vm: *mut Inst, n: u32, from_then_on: i32) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.map(|(inst, task)| {
        inst.vm(task).heap_mut().fail_at(n, from_then_on != 0);
    }))
}

/// Allocations that `pyr_testing_fail` has refused.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_testing_failures(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    let result =
        unsafe { Inst::inside(vm) }.map(|(inst, task)| inst.vm(task).heap().counts().refused as Status);
    result.unwrap_or_else(|code| code)
}

/// `status::FORMAT` where the heap is not as it must be.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_testing_verify(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    inst::done(
        unsafe { Inst::inside(vm) }
            .and_then(|(inst, task)| inst.vm(task).heap().verify().map_err(|_| status::FORMAT)),
    )
}
