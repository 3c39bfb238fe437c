//! The allocator: segregated free lists, a bump chunk, bins of large free cells.
//!
//! Invariants
//! - the region from granule 1 to `end` is a row of cells, each with its size in its header; only the bump chunk
//!   `bump..bump_end` has none;
//! - a free cell of `g` granules is in list `small[g - 1]` (g up to 16) or in the bin of its size; its first payload word
//!   is the next one of the list, its second the one before (stale in a list's head; cells of one granule have none).
//!   Exception: free cells of one granule at or behind the sweep's cursor are in no list;
//! - a cell is exactly as large as was asked for, so no free cell is ever smaller than what is cut from it;
//! - free granules = `free_base + credit`: the fast path pays from `credit` alone, and where that ends the slow path
//!   does the collector's work (`pace.rs`). An allocation's own work is bounded: it looks at most at `LOOK` cells
//!   of a bin, and clears what it hands out (about 1 instruction for 12 bytes; `alloc_raw` does not clear).

use super::cells::{KIND, SIZE_SHIFT, first_ref};
use super::mark::{BLACK_OR_WHITE, COLOUR};
use super::{Heap, Kind, MAX_STEP, Phase, R, Raised, Value, words};
use core::ptr::NonNull;

/// Sizes with a list of their own, in granules.
pub(super) const SMALL: u32 = 16;
/// Bins of larger free cells, by the size's highest bit from 16 on; the last one takes all the rest.
pub(super) const BINS: usize = 16;
/// Granules that the bump chunk takes at a time.
const CHUNK: u32 = 128;
/// Granules of the largest cell.
pub(super) const MAX_GRANULES: u32 = (1 << 24) - 1;
/// Cells of one bin that are looked at before the next bin is asked, and as a last resort.
const LOOK: (u32, u32) = (16, 1500);

pub(super) fn bin_of(g: u32) -> usize {
    (27u32.saturating_sub(g.leading_zeros()) as usize).min(BINS - 1)
}

/// Granules of a cell with `words` payload words; too many to exist where that is more than `MAX_GRANULES`.
pub(super) fn granules(words: usize) -> u32 {
    (words / 2 + 1).min(u32::MAX as usize) as u32
}

impl Heap {
    /// A new cell with at least `words` payload words, all zero.
    pub fn alloc(&mut self, kind: Kind, words: usize) -> R {
        let g = granules(words);
        if let Some(v) = self.alloc_small(kind, g) {
            return Ok(v);
        }
        self.alloc_slow(kind, g, true)
    }
    /// A new raw cell whose words are whatever lay there: for large buffers, which the caller fills piece by piece
    /// with `tick`s in between (an array's memory is taken this way too: clear it, then `set_kind`).
    pub fn alloc_raw(&mut self, words: usize) -> R {
        self.alloc_slow(Kind::Raw, granules(words), false)
    }
    /// Memory that is no Python object: `bytes` that begin at a multiple of 8, whatever lay there, and the raw cell in which
    /// they lie. It stays where it is; whoever uses it keeps the cell alive.
    pub fn alloc_block(&mut self, bytes: usize) -> R<(Value, NonNull<u8>)> {
        // Payloads begin behind a header of a word.
        let cell = self.alloc_raw(bytes.div_ceil(4) + 1)?;
        let place = self.payload_ptr(cell).wrapping_add(1);
        Ok((cell, NonNull::new(place.cast()).ok_or(Raised)?))
    }
    /// The fast path: a cleared cell of `g` granules (a header and `2 * g - 1` words) from a free list or the bump chunk.
    /// `None` where neither has one or the collector is due: call `alloc_slow` then, or `alloc`.
    #[inline(always)]
    pub fn alloc_small(&mut self, kind: Kind, g: u32) -> Option<Value> {
        let (v, p) = self.take_small(kind, g)?;
        // SAFETY: the cell's words, an odd number of them, all in the region. Volatile, or a call of `memset` comes out,
        // which costs more than most cells.
        unsafe {
            p.add(1).write_volatile(0);
            // A granule is 8-aligned: two words at once.
            let mut p = p.cast::<u64>();
            for _ in 1..g {
                p = p.add(1);
                p.write_volatile(0);
            }
        }
        Some(v)
    }
    /// As `alloc_small`, not cleared: with the place of its header.
    ///
    /// # Safety
    /// The caller writes every payload word before the next allocation.
    #[inline(always)]
    pub unsafe fn alloc_small_unset(&mut self, kind: Kind, g: u32) -> Option<(Value, *mut u32)> {
        self.take_small(kind, g)
    }
    #[inline(always)]
    fn take_small(&mut self, kind: Kind, g: u32) -> Option<(Value, *mut u32)> {
        let credit = self.credit.wrapping_sub(g as i32);
        if g.wrapping_sub(1) >= SMALL || credit < 0 {
            return None;
        }
        // SAFETY: the index was just checked against the number of lists.
        let list = unsafe { self.small.get_unchecked_mut(g as usize - 1) };
        let (v, p) = match Value::from_bits(*list) {
            Some(v) => {
                let p = self.region(v.bits() as usize >> 1 & !1);
                // SAFETY: as above; the cell that `region` gives has a payload word behind its header.
                unsafe { *self.small.get_unchecked_mut(g as usize - 1) = *p.add(1) }
                (v, p)
            }
            None => {
                let at = self.bump;
                if self.bump_end - at < g {
                    return None;
                }
                self.bump = at + g;
                // SAFETY: the bump chunk lies in the region, behind granule 0.
                (Value::from_bits(at * 4)?, unsafe { self.base.add(at as usize * 2) })
            }
        };
        self.credit = credit;
        // SAFETY: the header lies in the region.
        unsafe { *p = g << SIZE_SHIFT | kind as u32 | self.birth }
        self.note_born(v.bits() >> 2);
        Some((v, p))
    }
    /// An allocation that the fast path could not serve: pays for the collector, then takes memory from anywhere.
    #[cold]
    #[inline(never)]
    pub fn alloc_slow(&mut self, kind: Kind, g: u32, clear: bool) -> R {
        if g > MAX_GRANULES || self.injected() && !self.is_allowed(g) {
            return Err(self.out_of_memory());
        }
        let mut budget = MAX_STEP;
        if self.credit < g as i32 {
            budget -= self.pay(g);
        }
        loop {
            if let Some(p) = self.take(g) {
                self.credit -= g as i32;
                let header = g << SIZE_SHIFT | kind as u32 | self.birth;
                // SAFETY: `take` handed out `g` granules at `p`.
                unsafe {
                    let p = self.region(p as usize * 2);
                    *p = header;
                    if clear {
                        words::clear(p.add(1), g as usize * 2 - 1);
                    }
                }
                self.note_born(p);
                return Value::from_bits(p * 4).ok_or(Raised);
            }
            if self.phase != Phase::Sweep || budget <= 0 {
                return Err(self.out_of_memory());
            }
            budget -= self.sweep_ahead(g, budget);
        }
    }

    /// Takes `g` granules of free memory, wherever they are; not accounted for.
    pub(super) fn take(&mut self, g: u32) -> Option<u32> {
        if g > SMALL {
            return match self.take_large(g) {
                Some(p) => Some(p),
                None => self.take_bump(g),
            };
        }
        let bits = self.small.get(g as usize - 1).copied().unwrap_or(0);
        if bits != 0 {
            self.unlink(bits >> 2, g);
            return Some(bits >> 2);
        }
        if let Some(p) = self.take_bump(g) {
            return Some(p);
        }
        if let Some(bits) = self.large.iter().copied().find(|b| *b != 0) {
            let (p, n) = (bits >> 2, self.gw(bits >> 2, 0) >> SIZE_SHIFT);
            self.unlink(p, n);
            self.seal();
            let part = if n > CHUNK + 2 * SMALL { CHUNK } else { n };
            (self.bump, self.bump_end) = (p, p + part);
            self.put_free(p + part, n - part);
            return self.take_bump(g);
        }
        let (n, bits) = (g + 1..=SMALL).zip(self.small.iter().skip(g as usize)).find(|(_, b)| **b != 0)?;
        let p = *bits >> 2;
        self.unlink(p, n);
        self.put_free(p + g, n - g);
        Some(p)
    }
    fn take_bump(&mut self, g: u32) -> Option<u32> {
        if self.bump_end - self.bump < g {
            return None;
        }
        self.bump += g;
        Some(self.bump - g)
    }
    fn take_large(&mut self, g: u32) -> Option<u32> {
        let own = bin_of(g);
        let p = match self.look(own, g, LOOK.0) {
            Some(p) => p,
            None => match self.large.iter().skip(own + 1).copied().find(|b| *b != 0) {
                Some(bits) => bits >> 2,
                None => self.look(own, g, LOOK.1)?,
            },
        };
        let n = self.gw(p, 0) >> SIZE_SHIFT;
        self.unlink(p, n);
        self.put_free(p + g, n - g);
        Some(p)
    }
    /// The first of `most` cells of a bin that has `g` granules.
    fn look(&self, bin: usize, g: u32, most: u32) -> Option<u32> {
        let mut bits = self.large.get(bin).copied()?;
        for _ in 0..most {
            if bits == 0 {
                return None;
            }
            if self.gw(bits >> 2, 0) >> SIZE_SHIFT >= g {
                return Some(bits >> 2);
            }
            bits = self.gw(bits >> 2, 1);
        }
        None
    }

    // ---- free cells ------------------------------------------------------------------------------------------

    fn list_of(&mut self, g: u32) -> &mut u32 {
        let (lists, i) = if g <= SMALL {
            (&mut self.small, (g.max(1) - 1) as usize)
        } else {
            (&mut self.large, bin_of(g))
        };
        // SAFETY: both have 16 entries, and both indices are below that.
        unsafe { lists.get_unchecked_mut(i) }
    }
    /// Makes `g` granules at `p` a free cell and puts it into its list; not accounted for. Nothing for `g` = 0.
    pub(super) fn put_free(&mut self, p: u32, g: u32) {
        if g == 0 {
            return;
        }
        self.set_gw(p, 0, g << SIZE_SHIFT | Kind::Free as u32);
        if g == 1 && self.phase == Phase::Sweep && p >= self.cursor {
            return;
        }
        let list = self.list_of(g);
        let next = *list;
        *list = p * 4;
        self.set_gw(p, 1, next);
        if g > 1 && next != 0 {
            self.set_gw(next >> 2, 2, p * 4);
        }
    }
    /// Takes the free cell of `g` granules at `p` out of its list; one of a single granule must be the list's head.
    pub(super) fn unlink(&mut self, p: u32, g: u32) {
        let next = self.gw(p, 1);
        let list = self.list_of(g);
        if *list == p * 4 {
            *list = next;
        } else if g > 1 {
            let before = self.gw(p, 2);
            self.set_gw(before >> 2, 1, next);
            if next != 0 {
                self.set_gw(next >> 2, 2, before);
            }
        }
    }
    /// What is left of the bump chunk becomes a free cell.
    pub(super) fn seal(&mut self) {
        let (p, g) = (self.bump, self.bump_end - self.bump);
        (self.bump, self.bump_end) = (0, 0);
        self.put_free(p, g);
    }
    /// A walk over the cells must not stand inside of one: called when `from..to` became one cell.
    pub(super) fn skip_cursor(&mut self, from: u32, to: u32) {
        if from < self.cursor && self.cursor < to {
            self.cursor = to;
        }
    }
    /// `p` is where the bump chunk begins.
    #[inline(always)]
    pub(super) fn is_bump(&self, p: u32) -> bool {
        p == self.bump && self.bump < self.bump_end
    }
    /// The size of the free cell at `p` if it can be joined to the cell before it: listed, so it has two granules.
    fn joinable(&self, p: u32) -> Option<u32> {
        if p >= self.end || self.is_bump(p) {
            return None;
        }
        let h = self.gw(p, 0);
        if h & KIND == Kind::Free as u32 && h >> SIZE_SHIFT > 1 { Some(h >> SIZE_SHIFT) } else { None }
    }
    /// Gives back `g` granules at `p`: to the bump chunk where it begins behind them, else to a list, joined with a
    /// free cell behind them. (What lies before them is joined by the sweep.)
    fn release(&mut self, p: u32, g: u32) {
        self.free_base += g as i32;
        if self.is_bump(p + g) {
            self.bump = p;
            return self.skip_cursor(p, self.bump_end);
        }
        let mut g = g;
        if let Some(more) = self.joinable(p + g) {
            self.unlink(p + g, more);
            g += more;
            self.skip_cursor(p, p + g);
        }
        self.put_free(p, g);
    }

    // ---- by hand ---------------------------------------------------------------------------------------------

    /// A cell whose references the running mark has still to read: it is neither freed nor cut nor moved by hand.
    fn unread(&self, header: u32) -> bool {
        self.marking && header & COLOUR != self.birth && first_ref(header) != 255
    }
    /// Frees a cell by hand: only raw cells and arrays that nothing refers to any more. An array that a running mark has
    /// not read yet is left to the sweep.
    pub fn free(&mut self, v: Value) {
        if !v.is_heap() {
            return;
        }
        self.check_cell(v);
        let h = self.header(v);
        if h & KIND == Kind::Free as u32 || h >> SIZE_SHIFT == 0 || self.unread(h) {
            return;
        }
        let p = v.bits() >> 2;
        self.forget_string(p, h);
        self.note_died(p);
        self.release(p, h >> SIZE_SHIFT);
    }
    /// Tries to make the cell `words` payload words long without moving it (new words are zero). Shrinking always works,
    /// except that while marking more than 64 references are not cut off a cell that has not been read yet.
    pub fn resize(&mut self, v: Value, words: usize) -> bool {
        self.check_cell(v);
        let h = self.header(v);
        let (p, old, new) = (v.bits() >> 2, h >> SIZE_SHIFT, granules(words));
        if new == old {
            return true;
        }
        if old == 0 || new > MAX_GRANULES {
            return false;
        }
        if new < old {
            if self.unread(h) {
                if old - new > 32 {
                    return false;
                }
                self.before_overwrite(v, new as usize * 2 - 1, (old - new) as usize * 2);
            }
            self.set_gw(p, 0, h & (KIND | COLOUR) | new << SIZE_SHIFT);
            self.release(p + new, old - new);
            return true;
        }
        // A locked heap gives nothing, this way neither.
        if self.locks() > 0 {
            return false;
        }
        let more = new - old;
        if self.is_bump(p + old) {
            if self.bump_end - self.bump < more {
                return false;
            }
            self.bump += more;
        } else {
            let Some(have) = self.joinable(p + old) else { return false };
            if have < more {
                return false;
            }
            self.unlink(p + old, have);
            // The walk may stand where the cell ends now, and what is put back there is its business again.
            self.skip_cursor(p, p + new);
            self.put_free(p + new, have - more);
        }
        self.skip_cursor(p, p + new);
        self.free_base -= more as i32;
        self.set_gw(p, 0, h & (KIND | COLOUR) | new << SIZE_SHIFT);
        // SAFETY: the granules from `p + old` to `p + new` are the cell's own now.
        unsafe { words::clear(self.region((p + old) as usize * 2), more as usize * 2) }
        true
    }
    /// Bytes in free cells, bump chunk included.
    pub fn free_bytes(&self) -> usize {
        (self.free_base + self.credit).max(0) as usize * 8
    }
    /// Bytes in cells, their headers included.
    pub fn used_bytes(&self) -> usize {
        (self.end as usize - 1) * 8 - self.free_bytes()
    }
    /// Bytes of the largest free piece.
    pub fn largest_free(&self) -> usize {
        let mut most = self.bump_end - self.bump;
        for head in self.small.iter().chain(&self.large) {
            let mut bits = *head;
            while bits != 0 {
                let n = self.gw(bits >> 2, 0) >> SIZE_SHIFT;
                most = most.max(n);
                bits = if n > SMALL { self.gw(bits >> 2, 1) } else { 0 };
            }
        }
        most as usize * 8
    }
}
const _: () = assert!(BLACK_OR_WHITE & !COLOUR == 0);
