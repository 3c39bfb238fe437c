//! Look-ups that the VM remembers: per site for attributes and methods, per name for globals.
//!
//! Invariants
//! - a site's entry is keyed by the instruction's address; its tag is what was looked at: a shape, a kind's mark, a module;
//! - the global cache of a unit is a `Raw` cell with a word per name: 0 nothing, odd `word index of the value << 1 | 1`,
//!   else an immediate; a unit with something remembered is in the chain from `units`;
//! - sites and units forget (`flush_caches`) when a watched dict gains or loses a key or moves its entries, when a class
//!   changes, and everything is forgotten when a collection starts: so nothing that was freed is ever remembered.

use super::{Heap, Value};
use core::cell::Cell;

/// A smaller heap has no tables.
const MIN_BYTES: usize = 1024;
/// One site is remembered per this many bytes of heap, within these bounds; always a power of two.
const BYTES_PER_SITE: usize = 512;
const SITES: (usize, usize) = (16, 256);
/// Sites per entry of the shape cache.
const SITES_PER_SHAPE: usize = 2;

/// What one instruction found last.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Site {
    pub key: usize,
    pub tag: u32,
    pub val: u32,
}

/// A slot found by walking shapes: shape, name, slot (0 for none).
type Found = [u32; 3];

/// The tables lie behind the heap's cells, in the same region.
pub(super) struct Cache {
    sites: *const Site,
    /// Sites less one (0 where there are none).
    mask: usize,
    count: usize,
    shapes: *const Cell<Found>,
    /// The newest unit whose global cache holds something; chained through word `UNIT_NEXT`.
    units: Option<Value>,
    used: bool,
    /// Something was remembered in `shapes`.
    walked: Cell<bool>,
}

impl Cache {
    fn sites_for(heap_bytes: usize) -> usize {
        if heap_bytes < MIN_BYTES {
            return 0;
        }
        let wanted = (heap_bytes / BYTES_PER_SITE).clamp(SITES.0, SITES.1);
        1 << wanted.ilog2()
    }
    /// What the tables of a heap in a region of `bytes` take of it: a multiple of 8.
    pub fn need(bytes: usize) -> usize {
        let n = Cache::sites_for(bytes);
        (n * size_of::<Site>() + n / SITES_PER_SHAPE * size_of::<Found>()).next_multiple_of(8)
    }
    /// Empty tables at `at`.
    ///
    /// # Safety
    /// `at` must be valid for `need(bytes)` bytes, 8-aligned, and used by nobody else while the heap lives.
    pub unsafe fn new(at: *mut u8, bytes: usize) -> Cache {
        // What the dispatch loop reads in a heap that is too small for tables.
        static NONE: Site = Site { key: 0, tag: 0, val: 0 };
        let count = Cache::sites_for(bytes);
        if count == 0 {
            let shapes = core::ptr::NonNull::dangling().as_ptr();
            return Cache {
                sites: &NONE,
                mask: 0,
                count,
                shapes,
                units: None,
                used: false,
                walked: Cell::new(false),
            };
        }
        let sites = at.cast::<Site>();
        // SAFETY: the caller's promise.
        unsafe {
            at.write_bytes(0, Cache::need(bytes));
            Cache {
                sites,
                mask: count - 1,
                count,
                shapes: sites.add(count).cast(),
                units: None,
                used: false,
                walked: Cell::new(false),
            }
        }
    }
    fn sites(&mut self) -> &mut [Site] {
        // SAFETY: `new`.
        unsafe { core::slice::from_raw_parts_mut(self.sites.cast_mut(), self.count) }
    }
    #[inline]
    fn shapes(&self) -> &[Cell<Found>] {
        // SAFETY: `new`.
        unsafe { core::slice::from_raw_parts(self.shapes, self.count / SITES_PER_SHAPE) }
    }
    #[inline]
    fn shape_entry(&self, shape: Value, name: Value) -> Option<&Cell<Found>> {
        let hash = (shape.bits() ^ name.bits()).wrapping_mul(0x9e37_79b1) >> 16;
        self.shapes().get(hash as usize & (self.mask / SITES_PER_SHAPE))
    }
}

/// Words of a `Unit` that this file uses.
const UNIT_CACHE: usize = 2;
const UNIT_NEXT: usize = 4;

/// The tag of a method looked up in the built-in type of a kind: no shape and no immediate module looks like it.
pub const fn kind_tag(kind: u32) -> u32 {
    kind << 1 | 1
}

impl Heap {
    /// For the dispatch loop: where what the instruction at `site` found is remembered, if it is.
    #[inline(always)]
    pub fn site(&self, site: usize) -> *const Site {
        self.cache.sites.wrapping_add(site & self.cache.mask)
    }
    /// Remembers what the instruction at `site` found.
    pub fn remember(&mut self, site: usize, tag: u32, val: u32) {
        let at = site & self.cache.mask;
        if let Some(e) = self.cache.sites().get_mut(at) {
            *e = Site { key: site, tag, val };
            self.cache.used = true;
        }
    }
    /// The slot of an attribute as an earlier walk found it: `Some(0)` where there is none.
    #[inline]
    pub fn known_slot(&self, shape: Value, name: Value) -> Option<u32> {
        let [s, n, slot] = self.cache.shape_entry(shape, name)?.get();
        if s == shape.bits() && n == name.bits() { Some(slot) } else { None }
    }
    /// Remembers what a walk found.
    pub fn remember_slot(&self, shape: Value, name: Value, slot: u32) {
        if let Some(e) = self.cache.shape_entry(shape, name) {
            e.set([shape.bits(), name.bits(), slot]);
            self.cache.walked.set(true);
        }
    }
    /// Puts a unit into the chain before its global cache is written.
    pub fn note_unit(&mut self, unit: Value) {
        if self.slot(unit, UNIT_NEXT).is_none() {
            // The end of the chain refers to None, so that a unit in the chain is never empty here.
            let next = self.cache.units.unwrap_or(Value::NONE);
            self.set_field(unit, UNIT_NEXT, next);
            self.cache.units = Some(unit);
        }
    }
    /// Forgets the slots of shapes. A shape's slots never change, but the collector may free it and its names: at its start
    /// these are forgotten.
    pub(super) fn flush_shapes(&mut self) {
        if self.cache.walked.take() {
            for e in self.cache.shapes() {
                e.set([0; 3]);
            }
        }
    }
    /// Forgets what sites and units remember.
    pub fn flush_caches(&mut self) {
        if core::mem::take(&mut self.cache.used) {
            for e in self.cache.sites() {
                e.key = 0;
            }
        }
        let mut unit = self.cache.units.take();
        while let Some(u) = unit.filter(|u| u.is_heap()) {
            unit = self.slot(u, UNIT_NEXT);
            self.set_slot(u, UNIT_NEXT, None);
            if let Some(c) = self.slot(u, UNIT_CACHE) {
                self.raw_words_mut(c, 0).fill(0);
            }
        }
    }
}
