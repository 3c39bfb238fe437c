//! Typed access to cells: headers, words, references, bytes.
//!
//! Invariants
//! - no access leaves the region, whatever the `Value`: an index beyond it lands on the guard granule 0, and a slice
//!   ends at the region's end at the latest; so a stale value in safe code can spoil objects but not memory;
//! - every overwritten reference goes through the write barrier while marking (`set_slot`, `copy_slots`, `slots_mut`);
//! - with the feature `heap-checks` every access asks for a live cell and an index inside it, and panics otherwise.

use super::kind::{self, FIRST_REF};
use super::{Heap, Kind, Value, words};

/// Fields of a header: kind in bits 0 to 5, colour in 6 and 7, granules from 8 on.
pub(super) const KIND: u32 = 63;
pub(super) const SIZE_SHIFT: u32 = 8;

/// `FIRST_REF` of a header's kind; 255 for a leaf.
#[inline(always)]
pub(super) fn first_ref(header: u32) -> u32 {
    // SAFETY: the mask keeps the index below 64, the table's length.
    unsafe { *FIRST_REF.get_unchecked((header & KIND) as usize) as u32 }
}

impl Heap {
    // ---- the region, by word and granule ---------------------------------------------------------------------

    /// Word `i` of the region, or the guard's first word where `i` lies beyond it.
    #[inline(always)]
    pub(super) fn region(&self, i: usize) -> *mut u32 {
        let i = if i < self.limit as usize { i } else { 0 };
        // SAFETY: `i` lies in the region.
        unsafe { self.base.add(i) }
    }
    #[inline(always)]
    pub(super) fn at(&self, v: Value, word: usize) -> *mut u32 {
        self.region((v.bits() as usize >> 1).wrapping_add(word))
    }
    #[inline(always)]
    pub(super) fn header(&self, v: Value) -> u32 {
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, 0) }
    }
    /// Word `i` of the cell at granule `g` (0 is the header).
    #[inline(always)]
    pub(super) fn gw(&self, g: u32, i: u32) -> u32 {
        // SAFETY: `region` stays in the region.
        unsafe { *self.region(g as usize * 2 + i as usize) }
    }
    #[inline(always)]
    pub(super) fn set_gw(&mut self, g: u32, i: u32, w: u32) {
        // SAFETY: `region` stays in the region.
        unsafe { *self.region(g as usize * 2 + i as usize) = w }
    }
    /// Words from word `i` of the region to its end, at most `n`.
    #[inline(always)]
    fn clamp(&self, i: usize, n: usize) -> usize {
        n.min((self.limit as usize).saturating_sub(i))
    }
    /// A pointer to payload word `from` and the number of words from there to the cell's end.
    #[inline(always)]
    fn tail(&self, v: Value, from: usize) -> (*mut u32, usize) {
        let i = (v.bits() as usize >> 1).wrapping_add(from).wrapping_add(1);
        (self.region(i), self.clamp(i, self.words(v).saturating_sub(from)))
    }

    // ---- for the VM's dispatch core --------------------------------------------------------------------------

    /// Where the header of `v` lies.
    ///
    /// # Safety
    /// `v` is a live heap object; the pointer is used only until the cell is freed or resized.
    #[inline(always)]
    pub unsafe fn cell_ptr(&self, v: Value) -> *mut u32 {
        // SAFETY: a live object lies in the region.
        unsafe { self.base.add(v.bits() as usize >> 1) }
    }
    /// The region's first word: a heap object's header lies at `base + 2 * bits` bytes.
    #[inline(always)]
    pub fn base_ptr(&self) -> *mut u32 {
        self.base
    }

    /// Where the payload of the cell `v` begins.
    pub fn payload_ptr(&self, v: Value) -> *mut u32 {
        self.base.wrapping_add((v.bits() >> 1) as usize + 1)
    }

    // ---- cells -----------------------------------------------------------------------------------------------

    /// The kind of the heap object `v`; `Free` for an immediate or a small int.
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn kind(&self, v: Value) -> Kind {
        if !v.is_heap() {
            return Kind::Free;
        }
        self.check_cell(v);
        Kind::from_header(self.header(v))
    }
    /// The number of `kind(v)`, for tables of 64 entries.
    #[inline]
    pub fn kind_number(&self, v: Value) -> usize {
        if !v.is_heap() {
            return Kind::Free as usize;
        }
        self.check_cell(v);
        (self.header(v) & KIND) as usize
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn is(&self, v: Value, kind: Kind) -> bool {
        if !v.is_heap() {
            return false;
        }
        self.check_cell(v);
        self.header(v) & KIND == kind as u32
    }
    /// Payload words of the cell (an odd number).
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn words(&self, v: Value) -> usize {
        // Twice the granules less one, and none for the guard, which has no granule: without a branch.
        let n = (self.header(v) >> SIZE_SHIFT << 1) as i32 - 1;
        (n & !(n >> 31)) as usize
    }
    /// Payload word `i`, whatever it is.
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn word(&self, v: Value, i: usize) -> u32 {
        self.check_word(v, i);
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, i.wrapping_add(1)) }
    }
    /// Writes a raw payload word: never a reference (no write barrier).
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn set_word(&mut self, v: Value, i: usize, w: u32) {
        self.check_word(v, i);
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, i.wrapping_add(1)) = w }
    }
    /// Reference word `i`.
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn slot(&self, v: Value, i: usize) -> Option<Value> {
        self.check_slot(v, i);
        Value::from_bits(self.word(v, i))
    }
    /// Reference word `i`, which the kind's layout says is never empty (an empty one reads as `None`).
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn field(&self, v: Value, i: usize) -> Value {
        self.slot(v, i).unwrap_or(Value::NONE)
    }
    /// Reference word `i` as the small int it carries (0 for anything else).
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn int(&self, v: Value, i: usize) -> i32 {
        self.check_slot(v, i);
        let w = self.word(v, i) as i32;
        if w & 1 != 0 { w >> 1 } else { 0 }
    }
    /// The first cell of a chain through word `link` whose word `at` is `key`.
    #[inline(always)]
    pub fn find_in_chain(&self, first: Value, link: usize, at: usize, key: Value) -> Option<Value> {
        let end = (self.limit as usize).saturating_sub(link.max(at) + 1);
        let mut bits = first.bits();
        loop {
            let v = Value::from_bits(bits)?;
            self.check_slot(v, link.max(at));
            let i = bits as usize >> 1;
            if i >= end {
                return None;
            }
            // SAFETY: both words lie before the region's end.
            let (word, next) = unsafe { (*self.base.add(i + at + 1), *self.base.add(i + link + 1)) };
            if word == key.bits() {
                return Some(v);
            }
            bits = next;
        }
    }
    /// Stores a reference, with the write barrier.
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn set_slot(&mut self, v: Value, i: usize, to: Option<Value>) {
        self.check_slot(v, i);
        self.check_ref(to);
        let p = self.at(v, i.wrapping_add(1));
        // SAFETY: `at` stays in the region.
        unsafe {
            self.barrier(*p);
            *p = to.map_or(0, Value::bits);
        }
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn set_field(&mut self, v: Value, i: usize, to: Value) {
        self.set_slot(v, i, Some(to));
    }
    /// Stores a small int in a reference word that holds a small int or nothing (no barrier needed).
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn set_int(&mut self, v: Value, i: usize, n: i32) {
        self.set_word(v, i, Value::small(n).bits());
    }

    // ---- runs of words and bytes -----------------------------------------------------------------------------

    /// A float's, int's or raw cell's payload as bytes, from payload word `from` to the cell's end.
    pub fn bytes(&self, v: Value, from: usize) -> &[u8] {
        self.check_raw(v, from);
        let (p, n) = self.tail(v, from);
        // SAFETY: `tail` stays in the region.
        unsafe { core::slice::from_raw_parts(p.cast(), n * 4) }
    }
    pub fn bytes_mut(&mut self, v: Value, from: usize) -> &mut [u8] {
        self.check_raw(v, from);
        let (p, n) = self.tail(v, from);
        // SAFETY: as `bytes`; `&mut self` makes it the only view.
        unsafe { core::slice::from_raw_parts_mut(p.cast(), n * 4) }
    }
    /// Byte `i` of a leaf cell's payload from word `from` on.
    #[inline]
    pub fn byte(&self, v: Value, from: usize, i: usize) -> u8 {
        self.check_word(v, from + i / 4);
        // SAFETY: `at` stays in the region, and the byte in its word.
        unsafe { *self.at(v, from + 1 + i / 4).cast::<u8>().add(i & 3) }
    }
    #[inline]
    pub fn set_byte(&mut self, v: Value, from: usize, i: usize, b: u8) {
        self.check_word(v, from + i / 4);
        // SAFETY: as `byte`.
        unsafe { *self.at(v, from + 1 + i / 4).cast::<u8>().add(i & 3) = b }
    }
    /// Half-word `i` of a leaf cell's payload from word `from` on.
    #[inline]
    pub fn half(&self, v: Value, from: usize, i: usize) -> u16 {
        self.check_word(v, from + i / 2);
        // SAFETY: `at` stays in the region, and the half in its word.
        unsafe { *self.at(v, from + 1 + i / 2).cast::<u16>().add(i & 1) }
    }
    #[inline]
    pub fn set_half(&mut self, v: Value, from: usize, i: usize, h: u16) {
        self.check_word(v, from + i / 2);
        // SAFETY: as `half`.
        unsafe { *self.at(v, from + 1 + i / 2).cast::<u16>().add(i & 1) = h }
    }
    /// The payload words of a leaf cell (raw data), from word `from`.
    pub fn raw_words(&self, v: Value, from: usize) -> &[u32] {
        self.check_raw(v, from);
        let (p, n) = self.tail(v, from);
        // SAFETY: as `bytes`.
        unsafe { core::slice::from_raw_parts(p, n) }
    }
    pub fn raw_words_mut(&mut self, v: Value, from: usize) -> &mut [u32] {
        self.check_raw(v, from);
        let (p, n) = self.tail(v, from);
        // SAFETY: as `bytes_mut`.
        unsafe { core::slice::from_raw_parts_mut(p, n) }
    }
    /// Copies `n` bytes between leaf cells, which may be the same one. A place is a cell, a payload word and a byte
    /// offset from there. Copies less where one of the cells ends before.
    pub(super) fn copy_bytes(&mut self, to: (Value, usize, usize), from: (Value, usize, usize), n: usize) {
        let place = |(v, word, offset): (Value, usize, usize)| {
            self.check_raw(v, word);
            let (p, words) = self.tail(v, word);
            let offset = offset.min(words * 4);
            // SAFETY: `tail` stays in the region, `offset` in the tail.
            (unsafe { p.cast::<u8>().add(offset) }, words * 4 - offset)
        };
        let ((d, room), (s, have)) = (place(to), place(from));
        let n = n.min(room).min(have);
        let words = if cfg!(not(feature = "tiny")) && (s as usize | d as usize) & 3 == 0 { n / 4 } else { 0 };
        // SAFETY: both runs lie in the region. Where they overlap the later part of the second one is not read any more
        // once it is written.
        unsafe {
            let rest = (s.add(words * 4), d.add(words * 4), n - words * 4);
            let behind = (d as *const u8) > s;
            if words == 0 {
                return if n < 64 { core::ptr::copy(s, d, n) } else { words::copy_bytes(s, d, n) };
            }
            if behind {
                core::ptr::copy(rest.0, rest.1, rest.2);
            }
            words::copy(s.cast(), d.cast(), words);
            if !behind {
                core::ptr::copy(rest.0, rest.1, rest.2);
            }
        }
    }
    /// A view of `n` reference words from word `from` on (for tuples and arrays), limited to the cell.
    pub fn slots(&self, v: Value, from: usize, n: usize) -> &[Option<Value>] {
        self.check_cell(v);
        let (p, max) = self.tail(v, from);
        // SAFETY: as `bytes`; `Option<Value>` has the layout of u32 and every bit pattern is valid.
        unsafe { core::slice::from_raw_parts(p.cast(), n.min(max)) }
    }
    /// As `slots`, to be permuted or overwritten at will (sort, reverse): while marking, the whole cell is scanned
    /// first, so a large one costs about 7 instructions a word, once in a cycle; see `scan_part`.
    pub fn slots_mut(&mut self, v: Value, from: usize, n: usize) -> &mut [Option<Value>] {
        self.check_slot(v, from);
        self.before_move(v);
        let (p, max) = self.tail(v, from);
        // SAFETY: as `slots`; `&mut self` makes it the only view.
        unsafe { core::slice::from_raw_parts_mut(p.cast(), n.min(max)) }
    }
    /// Copies `n` payload words between cells, which may be the same one; both ends stay inside their cells.
    /// References may be copied this way only over empty words; else use `copy_slots`.
    pub fn copy_words(&mut self, to: Value, to_word: usize, from: Value, from_word: usize, n: usize) {
        self.check_cell(to);
        self.check_cell(from);
        let (s, have) = self.tail(from, from_word);
        let (d, room) = self.tail(to, to_word);
        let n = n.min(have).min(room);
        // SAFETY: both runs lie in the region. Volatile, or the call of `memmove` comes out that costs more than a few words.
        unsafe {
            if n > 12 {
                words::copy(s, d, n)
            } else if (d as *const u32) < s {
                for i in 0..n {
                    d.add(i).write_volatile(*s.add(i));
                }
            } else {
                for i in (0..n).rev() {
                    d.add(i).write_volatile(*s.add(i));
                }
            }
        }
    }
    /// Copies `n` references between cells, which may be the same one (list insertion and deletion).
    pub fn copy_slots(&mut self, to: Value, to_word: usize, from: Value, from_word: usize, n: usize) {
        if self.is_marking() {
            self.before_overwrite(to, to_word, n);
        }
        self.copy_words(to, to_word, from, from_word, n);
    }
    /// Clears `n` words of a raw cell.
    #[cfg(not(feature = "tiny"))]
    pub fn clear_raw(&mut self, v: Value, from: usize, n: usize) {
        self.check_raw(v, from);
        let (p, max) = self.tail(v, from);
        // SAFETY: `tail` stays in the region.
        unsafe { words::clear(p, n.min(max)) }
    }
    /// Empties `n` reference words.
    pub fn clear_slots(&mut self, v: Value, from: usize, n: usize) {
        self.check_slot(v, from);
        if self.is_marking() {
            self.before_overwrite(v, from, n);
        }
        let (p, max) = self.tail(v, from);
        // SAFETY: `tail` stays in the region.
        unsafe {
            match n.min(max) {
                0 => {}
                1 => *p = 0,
                n => words::clear(p, n),
            }
        }
    }
    /// Changes a cell's kind in place (`Instance` to `BigInstance`, raw memory that has been cleared to `Array`).
    pub fn set_kind(&mut self, v: Value, kind: Kind) {
        self.check_cell(v);
        let h = self.header(v) & !KIND | kind as u32;
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, 0) = h }
    }
    /// Payload words that the collector reads in a cell with this header.
    #[inline(always)]
    pub(super) fn ref_end(header: u32) -> u32 {
        if header & KIND == Kind::Native as u32 {
            return kind::NATIVE_REFS;
        }
        ((header >> SIZE_SHIFT) * 2).saturating_sub(1)
    }
}
