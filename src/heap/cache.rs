//! Look-ups that the VM remembers: per site for attributes and methods, per name for globals.
//!
//! Invariants
//! - a site's entry is keyed by the instruction's address; its tag is what was looked at: a shape, a kind's mark, a module.
//!   It lies in one of two places: what is remembered goes to the first one, what lay there to the second one of its own
//!   address. So code whose first places are the same, or a site that meets two shapes in turn, keep what they know;
//! - the global cache of a unit is a `Raw` cell with a word per name: 0 nothing, odd `word index of the value << 1 | 1`,
//!   else an immediate; a unit with something remembered is in the chain from `units`;
//! - sites and units forget (`flush_caches`) when a watched dict gains or loses a key or moves its entries, when a class
//!   changes, and everything is forgotten when a collection starts: so nothing that was freed is ever remembered;
//! - the tables are a raw cell of the heap, made when something is to be remembered first, and given back when memory runs
//!   out. Without them nothing is found; no pointer into them is kept over what may make them or give them back.

use super::{Heap, Value};
use core::cell::Cell;

/// A smaller heap has no tables.
const MIN_BYTES: usize = 1024;
/// One site is remembered per this many bytes of heap, within these bounds; always a power of two.
const BYTES_PER_SITE: usize = 384;
const SITES: (usize, usize) = (16, 1024);
/// The tables are made where so many times their size is free.
const SPARE: usize = 4;
/// So many parts of the sites are emptied one by one: those in which something was remembered.
const PARTS: usize = 32;
/// As many bytes of heap per slot of a shape that is remembered.
const BYTES_PER_SHAPE: usize = if cfg!(feature = "tiny") { 1024 } else { 512 };
const SHAPES: (usize, usize) = (8, 512);

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

/// What the dispatch loop reads where there are no tables.
static NONE: Site = Site { key: 0, tag: 0, val: 0 };
/// A slot of a shape where there are no tables.
static NO_SLOT: [Found; 2] = [[0; 3]; 2];

/// The tables lie in a cell of the heap: the sites, and the slots of shapes behind them.
pub(super) struct Cache {
    sites: *const Site,
    /// Sites less one (0 where there are none).
    mask: usize,
    count: usize,
    shapes: *const Found,
    /// Likewise for the slots of shapes.
    shape_mask: usize,
    shape_count: usize,
    cell: Option<Value>,
    /// The newest unit whose global cache holds something; chained through word `UNIT_NEXT`.
    units: Option<Value>,
    /// A bit for each part in which something was remembered.
    used: u32,
    /// Something was remembered among the slots of shapes.
    walked: Cell<bool>,
    /// There was no room for tables: nobody asks again in this cycle.
    refused: bool,
}

impl Cache {
    pub const fn new() -> Cache {
        Cache {
            sites: &NONE,
            mask: 0,
            count: 0,
            shapes: NO_SLOT.as_ptr(),
            shape_mask: 0,
            shape_count: 0,
            cell: None,
            units: None,
            used: 0,
            walked: Cell::new(false),
            refused: false,
        }
    }
    /// How many sites and slots are remembered.
    fn counts(heap_bytes: usize) -> (usize, usize) {
        // Where flash counts, the dispatch loop has no short roads that would look there.
        if cfg!(feature = "tiny") || heap_bytes < MIN_BYTES {
            return (0, 0);
        }
        let sites = (heap_bytes / BYTES_PER_SITE).clamp(SITES.0, SITES.1);
        let shapes = (heap_bytes / BYTES_PER_SHAPE).clamp(SHAPES.0, SHAPES.1);
        (1 << sites.ilog2(), 1 << shapes.ilog2())
    }
    pub fn cell(&self) -> Option<Value> {
        self.cell
    }
    fn sites(&mut self) -> &mut [Site] {
        // SAFETY: `Heap::open_cache`; none where there is no cell.
        unsafe { core::slice::from_raw_parts_mut(self.sites.cast_mut(), self.count) }
    }
    /// Sites of one part.
    fn part(&self) -> usize {
        (self.count / PARTS).max(1)
    }
    /// The first place of a site: those of one function lie one after the other.
    #[inline(always)]
    fn first(&self, site: usize) -> usize {
        site >> 1 & self.mask
    }
    /// The second one: sites with one first place, which are far from each other, have several.
    #[inline(always)]
    fn second(&self, site: usize) -> usize {
        (site >> 1 ^ site >> 8) & self.mask
    }
    fn put(&mut self, at: usize, site: Site) {
        self.used |= 1 << ((at / self.part()) & (PARTS - 1));
        if let Some(e) = self.sites().get_mut(at) {
            *e = site;
        }
    }
    #[inline]
    fn shapes(&self) -> &[Cell<Found>] {
        // SAFETY: as `sites`; none where there is no cell, so nothing of flash is written.
        unsafe { core::slice::from_raw_parts(self.shapes.cast(), self.shape_count) }
    }
    /// The first place for a name of a shape; the other one of the pair takes what it held before.
    #[inline(always)]
    fn shape_place(&self, shape: Value, name: Value) -> usize {
        ((shape.bits() ^ name.bits()).wrapping_mul(0x9e37_79b1) >> 16) as usize & self.shape_mask
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
    /// For the dispatch loop (no two such instructions lie next to each other): where what the instruction at `site` found is
    /// remembered, if it is in its first place.
    #[inline(always)]
    pub fn site(&self, site: usize) -> *const Site {
        self.cache.sites.wrapping_add(self.cache.first(site))
    }
    /// What the instruction at `site` found when it looked at `tag`, if that is in its second place; else 0.
    #[inline(never)]
    pub fn moved(&self, site: usize, tag: u32) -> u32 {
        // SAFETY: a site lies at every place up to the mask, in the tables or in flash.
        let e = unsafe { &*self.cache.sites.add(self.cache.second(site)) };
        if e.key == site && e.tag == tag { e.val } else { 0 }
    }
    /// Makes the tables, unless little is left: they are not what memory is short for.
    #[cold]
    #[inline(never)]
    fn open_cache(&mut self) -> bool {
        let (sites, shapes) = Cache::counts(self.end as usize * 8);
        let bytes = sites * size_of::<Site>() + shapes * size_of::<Found>();
        if sites == 0 || self.cache.refused || self.locks() > 0 || self.free_bytes() < SPARE * bytes {
            return false;
        }
        let (raised, credit) = (self.raised, self.credit);
        // A program does not fail for want of them, and no collection begins earlier for them.
        self.let_next_pass();
        let made = self.alloc_block(bytes);
        self.raised = raised;
        if self.is_idle() {
            self.grant(credit.max(0) as u32);
        }
        let Ok((cell, place)) = made else {
            self.cache.refused = true;
            return false;
        };
        let first: *mut Site = place.as_ptr().cast();
        self.cache.sites = first;
        self.cache.mask = sites - 1;
        self.cache.count = sites;
        self.cache.shapes = first.wrapping_add(sites).cast();
        self.cache.shape_count = shapes;
        self.cache.shape_mask = shapes - 1;
        // Of each entry the word that is compared first says that it is none: to clear all would take longer than a step.
        for i in 0..sites {
            // SAFETY: both tables lie in the cell.
            unsafe { (&raw mut (*first.add(i)).key).write(0) }
        }
        for i in 0..shapes {
            // SAFETY: as above.
            unsafe { self.cache.shapes.add(i).cast_mut().cast::<u32>().write(0) }
        }
        self.cache.cell = Some(cell);
        true
    }
    /// Gives the tables' memory back: an allocation has failed.
    pub fn close_cache(&mut self) {
        if let Some(cell) = self.cache.cell {
            let units = self.cache.units;
            self.cache = Cache { units, ..Cache::new() };
            self.free(cell);
        }
    }
    /// Remembers what the instruction at `site` found: not 0.
    pub fn remember(&mut self, site: usize, tag: u32, val: u32) {
        if cfg!(feature = "tiny") || self.cache.count == 0 && !self.open_cache() {
            return;
        }
        let new = Site { key: site, tag, val };
        let (first, second) = (self.cache.first(site), self.cache.second(site));
        let known = |e: &Site| e.key == site && e.tag == tag;
        if self.cache.sites().get(second).is_some_and(known) {
            return self.cache.put(second, new);
        }
        if let Some(&old) = self.cache.sites().get(first)
            && old.key != 0
            && !known(&old)
        {
            self.cache.put(self.cache.second(old.key), old);
        }
        self.cache.put(first, new);
    }
    /// The slot of an attribute as an earlier walk found it: `Some(0)` where there is none.
    #[inline]
    pub fn known_slot(&self, shape: Value, name: Value) -> Option<u32> {
        if cfg!(feature = "tiny") {
            return None;
        }
        let at = self.cache.shape_place(shape, name);
        // SAFETY: a pair lies at every place below the mask's end, in the tables or in flash.
        let (first, second) = unsafe { (&*self.cache.shapes.add(at), &*self.cache.shapes.add(at ^ 1)) };
        if first[0] == shape.bits() && first[1] == name.bits() {
            return Some(first[2]);
        }
        if second[0] == shape.bits() && second[1] == name.bits() {
            return Some(second[2]);
        }
        None
    }
    /// Remembers what a walk found.
    pub fn remember_slot(&self, shape: Value, name: Value, slot: u32) {
        if cfg!(feature = "tiny") {
            return;
        }
        let at = self.cache.shape_place(shape, name);
        if let (Some(e), Some(second)) = (self.cache.shapes().get(at), self.cache.shapes().get(at ^ 1)) {
            second.set(e.get());
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
        self.cache.refused = false;
        if self.cache.walked.take() {
            for e in self.cache.shapes() {
                e.set([0; 3]);
            }
        }
    }
    /// Forgets what sites and units remember.
    pub fn flush_caches(&mut self) {
        let (mut used, part) = (core::mem::take(&mut self.cache.used), self.cache.part());
        while used != 0 {
            let from = used.trailing_zeros() as usize * part;
            used &= used - 1;
            for e in self.cache.sites().iter_mut().skip(from).take(part) {
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
