//! `Vm`: what natives see of the machine.
#![allow(unsafe_code)]

use super::def::{Args, Registry};
use super::fiber::{Fiber, Slot};
use super::state::{Output, Root, State};
use crate::heap::{Heap, R, Raised, TypeId, Value};
use crate::object::exc;
use core::ptr::NonNull;

/// One task's handle on a VM: its state and the task's fiber.
pub struct Vm {
    st: NonNull<State>,
    fiber: NonNull<Fiber>,
}

impl Vm {
    /// # Safety
    /// Both must live as long as the handle, and the VM lock must be held by this task whenever the handle is used.
    pub unsafe fn from_raw(st: NonNull<State>, fiber: NonNull<Fiber>) -> Vm {
        Vm { st, fiber }
    }
    #[inline(always)]
    pub fn state(&self) -> &State {
        // SAFETY: `from_raw`.
        unsafe { self.st.as_ref() }
    }
    #[inline(always)]
    pub fn state_mut(&mut self) -> &mut State {
        // SAFETY: `from_raw`; `&mut self` is the only handle that is in use.
        unsafe { self.st.as_mut() }
    }
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        &self.state().heap
    }
    #[inline(always)]
    pub fn heap_mut(&mut self) -> &mut Heap {
        &mut self.state_mut().heap
    }
    pub fn registry(&self) -> &'static Registry {
        self.state().registry
    }
    pub fn root(&self, r: Root) -> Option<Value> {
        self.state().roots.get(r as usize).copied().flatten()
    }
    pub fn set_root(&mut self, r: Root, v: Option<Value>) {
        if let Some(slot) = self.state_mut().roots.get_mut(r as usize) {
            *slot = v;
        }
    }
    pub fn output(&self) -> Output {
        self.state().output
    }

    // ---- the value stack -------------------------------------------------------------------------------------

    #[inline(always)]
    pub fn fiber(&self) -> &Fiber {
        // SAFETY: `from_raw`.
        unsafe { self.fiber.as_ref() }
    }
    #[inline(always)]
    pub fn fiber_mut(&mut self) -> &mut Fiber {
        // SAFETY: `from_raw`; `&mut self` is the only handle that is in use.
        unsafe { self.fiber.as_mut() }
    }
    /// Words in use.
    pub fn depth(&self) -> u32 {
        let f = self.fiber();
        ((f.sp as usize - f.base as usize) / 4) as u32
    }
    /// Makes a slot with `v`: reachable until the native returns or `drop_to` an older slot.
    pub fn push(&mut self, v: Value) -> R<Slot> {
        let f = self.fiber_mut();
        if f.sp as usize + 4 > f.records as usize {
            return Err(self.raise_deep());
        }
        let at = self.depth();
        let f = self.fiber_mut();
        // SAFETY: `sp` lies below the records.
        unsafe {
            *f.sp = v.bits();
            f.sp = f.sp.add(1);
        }
        Ok(Slot(at))
    }
    /// Drops `slot` and everything above it.
    pub fn drop_to(&mut self, slot: Slot) {
        if slot.0 < self.depth() {
            let f = self.fiber_mut();
            // SAFETY: below the present depth.
            f.sp = unsafe { f.base.add(slot.0 as usize) };
        }
    }
    pub fn get(&self, slot: Slot) -> Value {
        if slot.0 >= self.depth() {
            return Value::NONE;
        }
        // SAFETY: below the present depth.
        Value::from_bits(unsafe { *self.fiber().base.add(slot.0 as usize) }).unwrap_or(Value::NONE)
    }
    pub fn set(&mut self, slot: Slot, v: Value) {
        if slot.0 < self.depth() {
            // SAFETY: below the present depth.
            unsafe { *self.fiber().base.add(slot.0 as usize) = v.bits() }
        }
    }
    /// Argument `i` of a native; `None` where it was not given.
    pub fn arg(&self, args: Args, i: usize) -> Option<Value> {
        if i < args.n as usize { Some(self.get(Slot(args.base + i as u32))) } else { None }
    }
    /// Argument `i`, which `NativeDef::min` promises.
    pub fn req(&self, args: Args, i: usize) -> Value {
        self.get(Slot(args.base + i as u32))
    }
    pub fn set_arg(&mut self, args: Args, i: usize, v: Value) {
        self.set(Slot(args.base + i as u32), v);
    }
    /// Keyword pair `i`: name and value.
    pub fn kw(&self, args: Args, i: usize) -> (Value, Value) {
        let at = args.base + args.n as u32 + 2 * i as u32;
        (self.get(Slot(at)), self.get(Slot(at + 1)))
    }

    // ---- allocation and raising ------------------------------------------------------------------------------

    /// Runs `f`; when it failed for want of memory, collects and runs it once more. `f` allocates first, then mutates.
    pub fn with_heap<T>(&mut self, mut f: impl FnMut(&mut Heap) -> R<T>) -> R<T> {
        match f(self.heap_mut()) {
            Err(Raised) if self.heap().is_out_of_memory() => {
                self.collect();
                f(self.heap_mut())
            }
            r => r,
        }
    }
    #[cold]
    pub fn raise(&mut self, typ: TypeId, message: &str) -> Raised {
        exc::raise(self.heap_mut(), typ, message)
    }
    #[cold]
    pub fn raise_deep(&mut self) -> Raised {
        self.raise(TypeId::RuntimeError, "maximum recursion depth exceeded")
    }
}

impl Vm {
    /// A full collection, in steps.
    pub fn collect(&mut self) {}
}
