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

/// Entries of the site cache (a power of two).
#[cfg(target_pointer_width = "64")]
pub const SITES: usize = 256;
#[cfg(all(not(target_pointer_width = "64"), not(feature = "tiny")))]
pub const SITES: usize = 64;
#[cfg(all(not(target_pointer_width = "64"), feature = "tiny"))]
pub const SITES: usize = 16;

/// Entries of the shape cache (a power of two).
const SHAPES: usize = if cfg!(feature = "tiny") { 4 } else { 128 };

/// What one instruction found last.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Site {
    pub key: usize,
    pub tag: u32,
    pub val: u32,
}

pub(super) struct Cache {
    sites: [Site; SITES],
    /// Slots found by walking shapes: shape, name, slot (0 for none).
    shapes: [Cell<[u32; 3]>; SHAPES],
    /// The newest unit whose global cache holds something; chained through word `UNIT_NEXT`.
    units: Option<Value>,
    used: bool,
    /// Something was remembered in `shapes`.
    walked: Cell<bool>,
}

impl Cache {
    pub const fn new() -> Cache {
        Cache {
            sites: [Site { key: 0, tag: 0, val: 0 }; SITES],
            units: None,
            used: false,
            walked: Cell::new(false),
            shapes: [const { Cell::new([0; 3]) }; SHAPES],
        }
    }
}

/// Words of a `Unit` that this file uses.
const UNIT_CACHE: usize = 2;
const UNIT_NEXT: usize = 4;

/// The tag of a method looked up in the built-in type of a kind: no shape and no immediate module looks like it.
pub const fn kind_tag(kind: u32) -> u32 {
    kind << 1 | 1
}

fn shape_entry(shape: Value, name: Value) -> usize {
    ((shape.bits() ^ name.bits()).wrapping_mul(0x9e37_79b1) >> (32 - SHAPES.trailing_zeros())) as usize
}

impl Heap {
    /// For the dispatch loop, which indexes it with `address & (SITES - 1)`.
    #[inline(always)]
    pub fn sites(&self) -> *const Site {
        self.cache.sites.as_ptr()
    }
    /// Remembers what the instruction at `site` found.
    pub fn remember(&mut self, site: usize, tag: u32, val: u32) {
        if let Some(e) = self.cache.sites.get_mut(site & (SITES - 1)) {
            *e = Site { key: site, tag, val };
            self.cache.used = true;
        }
    }
    /// The slot of an attribute as an earlier walk found it: `Some(0)` where there is none.
    #[inline]
    pub fn known_slot(&self, shape: Value, name: Value) -> Option<u32> {
        let [s, n, slot] = self.cache.shapes.get(shape_entry(shape, name))?.get();
        if s == shape.bits() && n == name.bits() { Some(slot) } else { None }
    }
    /// Remembers what a walk found.
    pub fn remember_slot(&self, shape: Value, name: Value, slot: u32) {
        if let Some(e) = self.cache.shapes.get(shape_entry(shape, name)) {
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
            for e in &self.cache.shapes {
                e.set([0; 3]);
            }
        }
    }
    /// Forgets what sites and units remember.
    pub fn flush_caches(&mut self) {
        if core::mem::take(&mut self.cache.used) {
            for e in &mut self.cache.sites {
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
