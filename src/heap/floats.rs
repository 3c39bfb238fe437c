//! The short road to cells of floats: the dispatch loop's and the number types'.

use super::{Heap, Kind, Value};
use crate::base::float::Float;

const fn granules(floats: usize) -> u32 {
    ((4 + floats * size_of::<Float>()) as u32).div_ceil(8)
}

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
    /// All floats in a cell.
    ///
    /// # Safety
    /// `cell` is the header of a cell of so many floats.
    #[inline(always)]
    pub unsafe fn floats_at<const N: usize>(cell: *const u32) -> [Float; N] {
        // SAFETY: as `float_at`.
        unsafe { cell.add(1).cast::<[Float; N]>().read_unaligned() }
    }
    /// A new float cell, where one is at hand without any work.
    #[inline(always)]
    pub fn alloc_float(&mut self, x: Float) -> Option<Value> {
        self.alloc_floats(Kind::Float, [x])
    }
    /// A new cell that holds nothing but floats, where one is at hand without any work.
    #[inline(always)]
    pub fn alloc_floats<const N: usize>(&mut self, kind: Kind, x: [Float; N]) -> Option<Value> {
        let g = const { granules(N) };
        // SAFETY: the floats and the padding behind them, one word at most, are all of the payload.
        unsafe {
            let (v, p) = self.alloc_small_unset(kind, g)?;
            *p.add(g as usize * 2 - 1) = 0;
            p.add(1).cast::<[Float; N]>().write_unaligned(x);
            Some(v)
        }
    }
}
