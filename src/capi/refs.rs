//! References: what C holds instead of objects.
//!
//! Invariants
//! - the objects lie in one heap array (`Root::References`), which the collector sees, a slot for each reference; each
//!   task's pending exception lies in its `Task`;
//! - beside it a `Side` for each reference says who owns it and how often it was given out, so a stale one is found out;
//! - no slot below `Inst::free_from` is free;
//! - a reference in C: slot in bits 0-15, generation in 16-31, the VM's tag in 32-63. The tag is odd, so 0 is no reference.

use super::inst::{Inst, Task};
use super::status::{self, Status};
use crate::heap::Value;
use crate::vm::Vm;
use core::cell::Cell;

/// `pyr_ref`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Ref {
    pub bits: u64,
}

/// What is known of a reference's slot.
pub struct Side {
    generation: Cell<u16>,
    /// `FREE`, `KEPT`, or task and frame.
    owner: Cell<u16>,
}

const FREE: u16 = 0;
const KEPT: u16 = u16::MAX;
const DEPTH_BITS: u32 = 10;
/// Frames that a task may have open.
pub const MAX_DEPTH: u16 = (1 << DEPTH_BITS) - 1;
/// Tasks that the owner's upper bits can name.
pub const MAX_TASKS: u16 = (1 << (16 - DEPTH_BITS)) - 2;

impl Side {
    pub fn new() -> Side {
        Side { generation: Cell::new(0), owner: Cell::new(FREE) }
    }
}

fn sides(inst: &Inst) -> &[Side] {
    // SAFETY: `pyr_open` made so many.
    unsafe { core::slice::from_raw_parts(inst.refs.as_ptr(), inst.ref_count.into()) }
}

fn owner_of(task: &Task, depth: u16) -> u16 {
    (task.index + 1) << DEPTH_BITS | depth
}

/// A reference's word of the array. Such arrays stay where they are, as all objects do.
///
/// # Safety
/// `slot` is below `Inst::ref_count`, and the caller has the VM.
unsafe fn word(inst: &Inst, slot: usize) -> *mut u32 {
    // SAFETY: the caller's promise; `pyr_open` has made an array of so many words.
    unsafe { inst.objects.get().add(slot) }
}

/// A reference to `value` that belongs to the task's innermost frame.
#[inline]
pub fn give(inst: &Inst, task: &Task, value: Value) -> Result<Ref, Status> {
    task.made.set(task.made.get().wrapping_add(1));
    give_to(inst, value, owner_of(task, task.depth.get()))
}

/// A reference that no frame ends.
pub fn give_kept(inst: &Inst, value: Value) -> Result<Ref, Status> {
    give_to(inst, value, KEPT)
}

#[inline]
fn give_to(inst: &Inst, value: Value, owner: u16) -> Result<Ref, Status> {
    let mut slot = usize::from(inst.free_from.get());
    let side = loop {
        let side = sides(inst).get(slot).ok_or(status::MEMORY)?;
        slot += 1;
        if side.owner.get() == FREE {
            break side;
        }
    };
    inst.free_from.set(slot as u16);
    slot -= 1;
    side.owner.set(owner);
    // SAFETY: one of the slots; what it holds is empty, so no collection misses it.
    unsafe { word(inst, slot).write(value.bits()) };
    let low = u32::from(side.generation.get()) << 16 | slot as u32;
    Ok(Ref { bits: u64::from(inst.tag()) << 32 | u64::from(low) })
}

/// The object that a reference stands for.
#[inline]
pub fn take(inst: &Inst, reference: Ref) -> Result<Value, Status> {
    let slot = find(inst, reference)?;
    // SAFETY: one of the slots.
    Value::from_bits(unsafe { *word(inst, slot) }).ok_or(status::REF)
}

/// The object of a reference of this VM without its tag, as a post carries it.
pub fn take_posted(inst: &Inst, low: usize) -> Result<Value, Status> {
    take(inst, Ref { bits: u64::from(inst.tag()) << 32 | low as u64 & 0xffff_ffff })
}

#[inline]
fn find(inst: &Inst, reference: Ref) -> Result<usize, Status> {
    let slot = (reference.bits & 0xffff) as usize;
    let side = sides(inst).get(slot).ok_or(status::REF)?;
    let right =
        (reference.bits >> 32) as u32 == inst.tag() && (reference.bits >> 16) as u16 == side.generation.get();
    if right { Ok(slot) } else { Err(status::REF) }
}

/// Ends a reference.
#[inline]
pub fn drop_ref(inst: &Inst, vm: &mut Vm, reference: Ref) -> Result<(), Status> {
    let slot = find(inst, reference)?;
    free(inst, vm, slot);
    Ok(())
}

#[inline]
fn free(inst: &Inst, vm: &mut Vm, slot: usize) {
    let Some(side) = sides(inst).get(slot) else { return };
    side.owner.set(FREE);
    side.generation.set(side.generation.get().wrapping_add(1));
    if slot < inst.free_from.get().into() {
        inst.free_from.set(slot as u16);
    }
    // SAFETY: one of the slots.
    unsafe {
        let word = word(inst, slot);
        vm.heap_mut().barrier(*word);
        word.write(0);
    }
}

/// Ends the references of the task's frames from `depth` up.
pub fn drop_frames(inst: &Inst, task: &Task, vm: &mut Vm, depth: u16) {
    let (low, high) = (owner_of(task, depth), owner_of(task, MAX_DEPTH));
    for (slot, side) in sides(inst).iter().enumerate() {
        if (low..=high).contains(&side.owner.get()) {
            free(inst, vm, slot);
        }
    }
}

/// References that are free.
pub fn room(inst: &Inst) -> usize {
    sides(inst).iter().filter(|side| side.owner.get() == FREE).count()
}

/// Forgets the exception of a task's last call.
#[inline]
pub fn forget_exception(task: &Task, vm: &mut Vm) {
    if task.exception.get().is_some() {
        set_exception(task, vm, None);
    }
}

/// Keeps the exception of a task's last call, or forgets it.
#[inline(never)]
pub fn set_exception(task: &Task, vm: &mut Vm, exception: Option<Value>) {
    // It may be the only way to what it leads to.
    vm.heap_mut().barrier(task.exception.replace(exception).map_or(0, Value::bits));
}
