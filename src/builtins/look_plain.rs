//! Looks through lists and tuples for items, where they are short and nobody comes in.

use super::seq::{item, len};
use crate::heap::{R, Value};
use crate::vm::Vm;

/// A look for items that are equal to one.
pub struct Look {
    seq: Value,
    at: usize,
    to: usize,
}

impl Look {
    pub fn new(seq: Value, from: usize, to: usize) -> Look {
        Look { seq, at: from, to }
    }
    /// The next place of `v`.
    pub fn next(&mut self, vm: &mut Vm, v: Value) -> R<Option<usize>> {
        // Read anew each time: a comparison may have changed the list.
        while self.at < self.to.min(len(vm, self.seq)) {
            let i = self.at;
            self.at += 1;
            let x = item(vm, self.seq, i).unwrap_or(Value::NONE);
            if x == v || vm.equal(x, v)? {
                return Ok(Some(i));
            }
            vm.tick_alone(500)?;
        }
        Ok(None)
    }
    /// Nobody was there to move what was found.
    #[inline(always)]
    pub fn place(&self, _: &Vm, _: Value, i: usize) -> Option<usize> {
        Some(i)
    }
    #[inline(always)]
    pub fn end(self, _: &mut Vm) {}
}
