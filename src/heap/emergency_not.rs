//! No memory is set aside for exceptions: in an emergency there is one object for all of them, without arguments.

use super::{Heap, R};

pub const DEFAULT: u16 = 0;

pub(super) struct Emergency;

impl Emergency {
    pub const fn new() -> Emergency {
        Emergency
    }
}

impl Heap {
    pub fn set_emergency_bytes(&mut self, _: u16) -> R<()> {
        Ok(())
    }
    pub(super) fn emergency_cell(&self) -> Option<super::Value> {
        None
    }
    pub(super) fn is_allowed(&mut self, _: u32) -> bool {
        false
    }
    pub fn in_emergency<T>(&mut self, _: impl FnMut(&mut Heap) -> R<T>) -> R<T> {
        Err(self.out_of_memory())
    }
    pub fn restore_emergency(&mut self) {}
}
