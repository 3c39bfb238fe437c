//! Work on dicts and sets where they are small and nobody comes in.

use crate::heap::{R, Value};
use crate::vm::Vm;

/// Two tables that are read entry by entry.
pub struct Steady(Value, Value);

impl Steady {
    #[inline(always)]
    pub fn new(_: &mut Vm, a: Value, b: Value) -> R<Steady> {
        Ok(Steady(a, b))
    }
    #[inline(always)]
    pub fn first(&self, _: &Vm) -> Value {
        self.0
    }
    #[inline(always)]
    pub fn second(&self, _: &Vm) -> Value {
        self.1
    }
    #[inline(always)]
    pub fn tick(&mut self, vm: &mut Vm, n: u32) -> R<()> {
        vm.tick(n)
    }
    #[inline(always)]
    pub fn turn(&mut self, vm: &mut Vm, _: Turns, n: u32) -> R<()> {
        vm.tick(n)
    }
    #[inline(always)]
    pub fn end(self, _: &mut Vm) {}
}

/// How others are kept from what is changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turns {
    Others,
}

/// Changes a dict or set.
#[inline(always)]
pub fn change(vm: &mut Vm, t: Value, _: usize, f: impl Fn(&mut Vm, Value, Turns) -> R<()>) -> R<()> {
    f(vm, t, Turns::Others)
}
