//! The dispatch loop's road to float cells.

use super::{Heap, Kind, Value};
use crate::base::float::Float;

/// Granules of a float cell.
const GRANULES: u32 = ((4 + size_of::<Float>()) as u32).div_ceil(8);

impl Heap {
    /// The float in a cell.
    ///
    /// # Safety
    /// `cell` is the header of a `Float` cell.
    #[inline(always)]
    pub unsafe fn float_at(cell: *const u32) -> Float {
        // SAFETY: the payload follows the header; it is only 4-aligned.
        unsafe { cell.add(1).cast::<Float>().read_unaligned() }
    }
    /// A new float cell, where one is at hand without any work.
    #[inline(always)]
    pub fn alloc_float(&mut self, x: Float) -> Option<Value> {
        let v = self.alloc_small(Kind::Float, GRANULES)?;
        // SAFETY: the cell is new and large enough.
        unsafe { self.base_ptr().add((v.bits() >> 1) as usize + 1).cast::<Float>().write_unaligned(x) };
        Some(v)
    }
}
