//! Memory for exceptions when there is none: while the program has locked the heap, and when the heap is full.
//!
//! Invariants
//! - a `Raw` cell of `bytes` is set aside; making an exception in an emergency frees it and may then allocate so much,
//!   lock or not; it is set aside again as soon as there is room;
//! - an emergency of a locked heap allocates `bytes` at most, so what a handler can take while it is locked is bounded
//!   by the exceptions it raises.

use super::{Heap, Kind, R};

/// Bytes set aside where nobody has asked for another number.
pub const DEFAULT: u16 = 256;

pub(super) struct Emergency {
    bytes: u16,
    cell: u32,
    /// Granules that may be allocated although the heap is locked.
    allowance: u32,
}

impl Emergency {
    pub const fn new() -> Emergency {
        Emergency { bytes: 0, cell: 0, allowance: 0 }
    }
}

impl Heap {
    /// Sets aside memory for the exceptions of emergencies, instead of what was set aside before; none for 0.
    pub fn set_emergency_bytes(&mut self, bytes: u16) -> R<()> {
        let cell = if bytes == 0 { 0 } else { self.alloc(Kind::Raw, bytes as usize / 4)?.bits() };
        self.free_emergency();
        self.emergency = Emergency { bytes, cell, allowance: 0 };
        Ok(())
    }
    pub(super) fn emergency_cell(&self) -> Option<super::Value> {
        super::Value::from_bits(self.emergency.cell)
    }
    fn free_emergency(&mut self) {
        if let Some(cell) = self.emergency_cell() {
            self.emergency.cell = 0;
            self.free(cell);
        }
    }
    /// Whether an allocation of `g` granules is part of an emergency of the locked heap.
    pub(super) fn is_allowed(&mut self, g: u32) -> bool {
        let allowed = self.locks() > 0 && self.emergency.allowance >= g;
        if allowed {
            self.emergency.allowance -= g;
        }
        allowed
    }
    /// Makes what an exception consists of with the memory that was set aside.
    pub fn in_emergency<T>(&mut self, mut make: impl FnMut(&mut Heap) -> R<T>) -> R<T> {
        if self.emergency.bytes == 0 {
            return Err(self.out_of_memory());
        }
        self.free_emergency();
        self.emergency.allowance = u32::from(self.emergency.bytes) / 8 + 4;
        let made = make(self);
        self.restore_emergency();
        made
    }
    /// Sets the memory aside again where an emergency has used it.
    pub fn restore_emergency(&mut self) {
        let words = usize::from(self.emergency.bytes) / 4;
        // What little is left is not for this.
        if self.emergency.cell == 0 && words != 0 && self.free_bytes() > words * 16 {
            self.emergency.allowance = words as u32 / 2 + 1;
            let raised = self.raised;
            self.emergency.cell = self.alloc(Kind::Raw, words).map_or(0, |v| v.bits());
            self.raised = raised;
        }
        self.emergency.allowance = 0;
    }
}
