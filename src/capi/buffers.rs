//! Buffers: the bytes of an object, held by C without copying.
//!
//! Invariant: while C holds a buffer its object is kept by a reference of its own and does not change its size, so the
//! pointer stays good, for DMA too; objects do not move.

use super::convert::bytes_of;
use super::inst::{self, Inst};
use super::refs::{self, Ref};
use super::status::{self, Status};
use crate::object::typed_array;
use crate::vm::natives::{exporter, pin};
use cty::c_void;

/// `PYR_WRITABLE`
const WRITABLE: u32 = 1;

/// `struct pyr_buffer`.
#[repr(C)]
pub struct Held {
    data: *mut c_void,
    len: usize,
    owner: Ref,
    item_size: u8,
    format: u8,
    writable: u8,
}

/// # Safety
/// As `Inst::open`; `out` is NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_buffer(vm: *mut Inst, object: Ref, flags: u32, out: *mut Held) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    if flags & !WRITABLE != 0 {
        return status::RANGE;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let mut vm = inst.vm(task);
        let object = refs::take(inst, object)?;
        let (data, len) = bytes_of(&mut vm, object, flags & WRITABLE != 0).ok_or(status::TYPE)?;
        let found = vm.buffer(object).ok_or(status::TYPE)?;
        let kept = exporter(&vm, object);
        let owner = refs::give_kept(inst, kept)?;
        pin(vm.heap_mut(), kept, 1);
        let item_size = typed_array::size_of(found.typecode).unwrap_or(1) as u8;
        let held =
            Held { data, len, owner, item_size, format: found.typecode, writable: found.writable.into() };
        // SAFETY: checked for NULL.
        unsafe { *out = held };
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`; `held` is NULL or what `pyr_get_buffer` filled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_release_buffer(vm: *mut Inst, held: *mut Held) -> Status {
    // SAFETY: the caller's promise.
    let Some(held) = (unsafe { held.as_mut() }) else { return status::NULL };
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let mut vm = inst.vm(task);
        let kept = refs::take(inst, held.owner)?;
        refs::drop_ref(inst, &mut vm, held.owner)?;
        pin(vm.heap_mut(), kept, -1);
        held.data = core::ptr::null_mut();
        held.len = 0;
        Ok(())
    }))
}
