//! Access checks of a build without `heap-checks`: nothing. The other half is `check_on.rs`.

use super::{Heap, Value};

/// What the checks remember.
pub(super) struct Checks;

impl Checks {
    pub(super) const fn none() -> Checks {
        Checks
    }
}

impl Heap {
    /// Granules at the region's end that the checks take for themselves.
    pub(super) fn checks_need(_granules: u32) -> u32 {
        0
    }
    #[inline(always)]
    pub(super) fn checks_start(&mut self, _granules: u32) {}
    #[inline(always)]
    pub(super) fn probed(&mut self) -> bool {
        false
    }
    #[inline(always)]
    pub(super) fn note_born(&mut self, _g: u32) {}
    #[inline(always)]
    pub(super) fn note_died(&mut self, _g: u32) {}
    /// Without the bitmap any granule may be a cell's start.
    #[inline(always)]
    pub(super) fn is_start(&self, _g: u32) -> bool {
        true
    }
    #[inline(always)]
    pub(super) fn check_cell(&self, _v: Value) {}
    #[inline(always)]
    pub(super) fn check_word(&self, _v: Value, _i: usize) {}
    #[inline(always)]
    pub(super) fn check_slot(&self, _v: Value, _i: usize) {}
    #[inline(always)]
    pub(super) fn check_raw(&self, _v: Value, _from: usize) {}
    #[inline(always)]
    pub(super) fn check_ref(&self, _v: Option<Value>) {}
    #[inline(always)]
    pub(super) fn check_grey(&self, _bits: u32) {}
}
