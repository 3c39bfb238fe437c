//! Interrupts, limits, and the state of the memory.

use super::inst::{self, Inst};
use super::status::{self, Status};
use crate::heap::Value;
use crate::vm::events::PENDING_INTERRUPT;

/// Legal from any task and any interrupt: touches atomics and wake objects only.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_interrupt(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    let inst = match unsafe { Inst::open(vm) } {
        Ok(inst) => inst,
        Err(code) => return code,
    };
    let state = inst.state();
    // SAFETY: the state lives as long as the VM. `interrupt` and the heap's pending byte for interrupts are atomics; no
    // reference to the rest of the state is made.
    unsafe {
        (*state).interrupt.raise();
        (*state).heap.set_pending(PENDING_INTERRUPT);
    }
    for task in inst.tasks() {
        // SAFETY: the fibers and their wake objects are in place until `pyr_close`.
        if let Some(wake) = unsafe { (*task.fiber.as_ptr()).wake } {
            wake.set();
        }
    }
    1
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_set_limits(vm: *mut Inst, ticks: u32, ms: u32) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.map(|(_, task)| {
        task.ticks.set(ticks);
        task.ms.set(ms);
    }))
}

/// `struct pyr_memory`.
#[repr(C)]
pub struct Memory {
    abi_size: u32,
    heap: u32,
    used: u32,
    free: u32,
    collections: u32,
    longest_step: u32,
}

#[cfg(test)]
impl Memory {
    pub fn empty() -> Memory {
        Memory {
            abi_size: size_of::<Memory>() as u32,
            heap: 0,
            used: 0,
            free: 0,
            collections: 0,
            longest_step: 0,
        }
    }
}

/// # Safety
/// As `Inst::open`; `out` is NULL or a `struct pyr_memory` with its size filled in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_memory(vm: *mut Inst, out: *mut Memory) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        // SAFETY: checked for NULL.
        let out = unsafe { &mut *out };
        if out.abi_size as usize != size_of::<Memory>() {
            return Err(status::ABI);
        }
        let vm = inst.vm(task);
        let (heap, counts) = (vm.heap(), vm.heap().counts());
        out.free = heap.free_bytes() as u32;
        out.used = heap.used_bytes() as u32;
        out.heap = out.free + out.used;
        out.collections = counts.cycles;
        out.longest_step = counts.max_step_work;
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_gc_step(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    let result = unsafe { Inst::inside(vm) }.map(|(inst, task)| {
        let mut vm = inst.vm(task);
        let heap = vm.heap_mut();
        (!heap.is_idle() && !heap.collect_step()).into()
    });
    result.unwrap_or_else(|code| code)
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_collect(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |_, vm| {
            vm.collect();
            Ok(vm.tick(0).map(|()| Value::NONE))
        })
    }
}
