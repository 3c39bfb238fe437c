//! The time that a C function runs inside the VM: what it leaves behind is put right.
//!
//! Invariants
//! - references that the function makes end with it, and no frame or stay from before can be ended by it;
//! - once it has returned nothing of the VM is touched before `back` or `end` has seen to it that the lock is held.

use super::inst::{Inst, Stay, Task};
use super::refs::{self, MAX_DEPTH};
use crate::vm::Vm;

pub struct Visit<'a> {
    inst: &'a Inst,
    pub task: &'a Task,
    depth: u16,
    made: u32,
    /// The stay in which the VM called: no frame outside of `Visit::stay` may be closed.
    outer: *mut Stay,
    stay: *mut Stay,
    tidy: bool,
}

impl<'a> Visit<'a> {
    /// `stay` keeps its place until `end`. `None` where too many frames are open.
    pub fn begin(vm: &mut Vm, inst: &'a Inst, stay: *mut Stay) -> Option<Visit<'a>> {
        let (_, fiber) = vm.raw();
        // SAFETY: a fiber's task lies beside it, and both stay while the fiber runs.
        let task: &'a Task = unsafe { fiber.as_ref().task.as_ref() };
        let depth = task.depth.get();
        if depth >= MAX_DEPTH {
            return None;
        }
        let outer = task.stay.get().cast();
        task.depth.set(depth + 1);
        // SAFETY: the caller's own storage.
        unsafe { stay.write(Stay::new(outer, depth + 1)) };
        task.stay.set(stay.cast());
        refs::forget_exception(task, vm);
        Some(Visit { inst, task, depth, made: task.made.get(), outer, stay, tidy: true })
    }
    pub fn vm(&self) -> *mut Inst {
        core::ptr::from_ref(self.inst).cast_mut()
    }
    /// The function has returned: takes the lock if it gave that away.
    pub fn back(&mut self, vm: &mut Vm) {
        if self.task.outside.get() {
            self.tidy = false;
            self.task.outside.set(false);
            vm.regain();
            self.inst.count_outside(self.task, -1);
        }
    }
    /// Puts everything else right; false where the function left the VM in another state than it found.
    pub fn end(&mut self, vm: &mut Vm) -> bool {
        self.back(vm);
        let task = self.task;
        if task.made.get() != self.made {
            refs::drop_frames(self.inst, task, vm, self.depth + 1);
        }
        let tidy = self.tidy && task.depth.get() == self.depth + 1 && task.stay.get() == self.stay.cast();
        task.depth.set(self.depth);
        task.stay.set(self.outer.cast());
        tidy
    }
}
