//! The loops that dicts and sets spend their time in: probing an index, comparing two texts.
//!
//! Invariants
//! - an index is laid out as `object::hashtable` says: word 0 `bits | width << 8`, then `1 << bits` places of `width` bytes
//!   each, then a 16-bit hash per entry;
//! - whatever the words say, no read leaves the region: a cell's extent is checked once, before the loop.

use super::cells::SIZE_SHIFT;
use super::{Heap, Value};
use core::marker::PhantomData;

/// A table's index, as one search sees it.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    places: *const u8,
    hashes: *const u16,
    /// Entries that have a hash.
    entries: usize,
    mask: usize,
    shift: u32,
    /// Of the width of a place.
    log: u32,
    heap: PhantomData<&'a Heap>,
}

impl Heap {
    /// A cell's payload and how many bytes follow its first word; `None` where it would leave the region.
    #[inline(always)]
    fn payload(&self, v: Value) -> Option<(*const u32, usize)> {
        let (at, granules) = (v.bits() as usize >> 1, (self.header(v) >> SIZE_SHIFT) as usize);
        if at + granules * 2 > self.limit as usize {
            return None;
        }
        // SAFETY: the word lies in the region.
        Some((unsafe { self.base.add(at + 1) }, granules.checked_sub(1)? * 8))
    }
    /// The index in a leaf cell.
    #[inline(always)]
    pub fn table_index(&self, index: Value) -> Option<Probe<'_>> {
        self.check_raw(index, 0);
        let (p, room) = self.payload(index)?;
        // SAFETY: `payload` gave a word and `room` bytes.
        let meta = unsafe { *p };
        let (bits, log) = (meta & 31, (meta >> 8 & 7) >> 1);
        if bits.wrapping_sub(1) > 23 {
            return None;
        }
        let bytes = 1usize << (bits + log);
        let rest = room.checked_sub(bytes)?;
        // SAFETY: the places end inside the cell, as was just checked.
        let (places, hashes) = unsafe { (p.add(1).cast::<u8>(), p.add(1).cast::<u8>().add(bytes).cast()) };
        let (entries, mask, shift) = (rest / 2, (1 << bits) - 1, 32 - bits);
        Some(Probe { places, hashes, entries, mask, shift, log, heap: PhantomData })
    }
    /// Whether two `Str` or two `Bytes` cells hold the same bytes.
    #[inline]
    pub fn same_text(&self, a: Value, b: Value) -> bool {
        let (Some((p, room)), Some((q, other))) = (self.payload(a), self.payload(b)) else { return false };
        // SAFETY: (both blocks) `payload` gave a word and `room` bytes, of which the text takes `left`.
        let (x, y) = unsafe { (*p, *q) };
        // A cell is as long as its text needs, so equal texts have equal sizes and slacks.
        if room != other || (x ^ y) & 7 != 0 {
            return false;
        }
        let mut left = room.saturating_sub((x & 7) as usize);
        let (mut p, mut q) = (p, q);
        // SAFETY: as above.
        unsafe {
            while left >= 4 {
                (p, q, left) = (p.add(1), q.add(1), left - 4);
                if *p != *q {
                    return false;
                }
            }
            // The text's bytes are the low ones of its last word.
            left == 0 || (*p.add(1) ^ *q.add(1)).to_le() << (32 - 8 * left) == 0
        }
    }
}

impl Probe<'_> {
    /// Where the search for a hash begins.
    #[inline(always)]
    pub fn home(&self, hash: u16) -> usize {
        ((hash as u32).wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }
    /// The next entry with this hash, from place `*i` on; `None` at a free place. `*left`, at first `places()`, ends a search
    /// that finds no free one.
    #[inline(always)]
    pub fn next(&self, i: &mut usize, left: &mut usize, hash: u16) -> Option<usize> {
        while *left > 0 {
            *left -= 1;
            let at = *i & self.mask;
            *i = at + 1;
            // SAFETY: the place lies below the mask's end, and so inside the cell.
            let entry = unsafe {
                match self.log {
                    0 => *self.places.add(at) as usize,
                    1 => *self.places.cast::<u16>().add(at) as usize,
                    _ => *self.places.cast::<u32>().add(at) as usize,
                }
            };
            let entry = entry.checked_sub(1)?;
            // SAFETY: there are `entries` hashes in the cell.
            if entry < self.entries && unsafe { *self.hashes.add(entry) } == hash {
                return Some(entry);
            }
        }
        None
    }
    #[inline(always)]
    pub fn places(&self) -> usize {
        self.mask + 1
    }
}
