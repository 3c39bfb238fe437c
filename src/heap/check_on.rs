//! Access checks of a build with `heap-checks`: a bit per granule says where a live cell starts, and every typed access
//! asks it. A failed check is a bug of whoever made the call, so it panics: this feature is for tests.
//!
//! Invariant: the bit of granule `g` is set exactly while `g` is the header of a cell in use.

use super::cells::{KIND, first_ref};
use super::{Heap, Kind, Value};

/// What the checks remember.
pub(super) struct Checks {
    /// Where the bitmap starts, in granules.
    map: u32,
    /// Asked at each allocation whether it shall fail.
    probe: Option<fn() -> bool>,
}

impl Checks {
    pub(super) const fn none() -> Checks {
        Checks { map: 0, probe: None }
    }
}

impl Heap {
    /// Granules at the region's end that the checks take for themselves.
    pub(super) fn checks_need(granules: u32) -> u32 {
        granules / 64 + 1
    }
    /// The bitmap follows the heap's `granules`.
    pub(super) fn checks_start(&mut self, granules: u32) {
        self.checks.map = granules;
        for w in 0..Heap::checks_need(granules) * 2 {
            // SAFETY: `Heap::new` left `checks_need` granules behind the heap's own.
            unsafe { *self.base.add(granules as usize * 2 + w as usize) = 0 }
        }
    }
    /// From now on `probe` is called at each allocation and says whether it shall fail.
    pub fn set_probe(&mut self, probe: Option<fn() -> bool>) {
        self.checks.probe = probe;
        // While failures are counted no allocation takes the fast path.
        self.fail_at(if probe.is_some() { u32::MAX } else { 0 }, false);
    }
    pub(super) fn probed(&mut self) -> bool {
        self.checks.probe.is_some_and(|probe| probe())
    }
    fn bit(&self, g: u32) -> (*mut u32, u32) {
        assert!(g < self.checks.map, "a value outside of the heap");
        // SAFETY: the bitmap has a bit for each granule below `map`.
        (unsafe { self.base.add(self.checks.map as usize * 2 + (g / 32) as usize) }, 1 << (g & 31))
    }
    pub(super) fn note_born(&mut self, g: u32) {
        let (p, bit) = self.bit(g);
        // SAFETY: `bit` points into the bitmap.
        unsafe {
            assert!(*p & bit == 0, "a cell was handed out twice");
            *p |= bit;
        }
    }
    pub(super) fn note_died(&mut self, g: u32) {
        let (p, bit) = self.bit(g);
        // SAFETY: `bit` points into the bitmap.
        unsafe { *p &= !bit }
    }
    pub(super) fn is_start(&self, g: u32) -> bool {
        let (p, bit) = self.bit(g);
        // SAFETY: `bit` points into the bitmap.
        unsafe { *p & bit != 0 }
    }
    pub(super) fn check_cell(&self, v: Value) {
        assert!(v.is_heap(), "not a heap object: {:#x}", v.bits());
        let (p, bit) = self.bit(v.bits() >> 2);
        // SAFETY: `bit` points into the bitmap.
        assert!(unsafe { *p } & bit != 0, "stale value {:#x}", v.bits());
    }
    pub(super) fn check_word(&self, v: Value, i: usize) {
        self.check_cell(v);
        assert!(
            i < self.words(v),
            "word {i} of a cell with {} words, kind {}",
            self.words(v),
            self.header(v) & KIND
        );
    }
    pub(super) fn check_slot(&self, v: Value, i: usize) {
        self.check_cell(v);
        let h = self.header(v);
        let (first, end) = (first_ref(h), Heap::ref_end(h));
        assert!(
            first != 255 && i >= first as usize && i <= end as usize,
            "word {i} of kind {} is no reference ({first}..{end})",
            h & KIND
        );
    }
    pub(super) fn check_raw(&self, v: Value, from: usize) {
        self.check_cell(v);
        let h = self.header(v);
        let leaf = first_ref(h) == 255 && h & KIND != Kind::Free as u32;
        assert!(
            leaf || h & KIND == Kind::Native as u32 && from > 0,
            "bytes of kind {}, which holds references",
            h & KIND
        );
    }
    pub(super) fn check_ref(&self, v: Option<Value>) {
        if let Some(v) = v
            && v.is_heap()
        {
            self.check_cell(v);
        }
    }
    /// A reference that the collector met.
    pub(super) fn check_grey(&self, bits: u32) {
        self.check_ref(Value::from_bits(bits));
    }
}
