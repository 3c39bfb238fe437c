//! Marking: incremental, of the heap as it was at the snapshot.
//!
//! Invariants
//! - a cycle starts only at a VM safepoint (`start_cycle`). Everything reachable then survives the cycle: a reference
//!   that is overwritten while marking is shaded first, and cells born while marking are born marked. So what code holds
//!   in locals needs no rooting until the next safepoint;
//! - colours, in header bits 6 and 7. *White*: not reached yet. *Grey*: reached, its references not all read; it is on
//!   the mark stack, or a rescan from `rescan` on will find it. *Read*: its references were read ahead of its turn, and
//!   the mark stack may still name it. *Black*: done, and the mark stack does not name it, so only black cells may be
//!   freed by hand. Leaves go from white to black at once;
//! - which of the two values 0 and 1 means black changes at each start (`birth`): what survived the last cycle is white
//!   in the next without being touched, and births need no colour of their own;
//! - values on a fiber's stack below its span's `todo` are as they were at the snapshot, and still to be shaded.
//!
//! A step reads at most `CHUNK` words of a cell before it looks at its budget. The mark stack holds `DEPTH` entries; a
//! full one is moved to a cell of free memory, and where there is none, greys are found by walking the heap.

use super::alloc::SMALL;
use super::cells::{KIND, SIZE_SHIFT, first_ref};
use super::{Heap, Kind, Phase, Value};
use core::ptr::NonNull;

pub(super) const COLOUR: u32 = 3 << 6;
pub(super) const BLACK_OR_WHITE: u32 = 1 << 6;
pub(super) const GREY: u32 = 2 << 6;
const READ: u32 = 3 << 6;

/// Entries of the mark stack: as many as a spill cell of 16 granules holds beside its link.
const DEPTH: usize = 15;
/// Words that are read at a time: an array and as many children fit on the mark stack.
const CHUNK: u32 = 12;
/// What marking costs, in instructions (`cargo xtask bench steps` measures them): a cell taken from the stack, a word of
/// it, a white child, a cell of the walk for greys.
const PER_ENTRY: i32 = 60;
const PER_WORD: i32 = 22;
const PER_WALKED: i32 = 42;
const PER_SHADED: i32 = 45;
/// Moving the mark stack away or back.
const PER_SPILL: i32 = 400;
/// Where `rescan` stands when no grey cell is off the stack.
const NOWHERE: u32 = u32::MAX;

/// A run of stack words that the running cycle has to read, from the top down: one per fiber, owned by the VM.
#[repr(C)]
pub struct StackSpan {
    pub base: *const u32,
    /// Words below this index were not read yet; 0 outside of a cycle.
    pub todo: u32,
    next: Option<NonNull<StackSpan>>,
}

impl StackSpan {
    pub const fn new(base: *const u32) -> StackSpan {
        StackSpan { base, todo: 0, next: None }
    }
}

pub(super) struct Mark {
    depth: usize,
    /// A cell's bits and the payload word to go on at.
    stack: [[u32; 2]; DEPTH],
    /// Newest of the cells that the stack was moved to (granule, 0 for none).
    spilled: u32,
    /// First granule where a grey cell may lie that the stack does not name.
    rescan: u32,
    spans: Option<NonNull<StackSpan>>,
    /// Tests only: there is no memory to spill to.
    #[cfg(test)]
    pub no_spill: bool,
}

impl Mark {
    pub const fn new() -> Mark {
        Mark {
            depth: 0,
            stack: [[0; 2]; DEPTH],
            spilled: 0,
            rescan: NOWHERE,
            spans: None,
            #[cfg(test)]
            no_spill: false,
        }
    }
}

impl Heap {
    // ---- the barrier -----------------------------------------------------------------------------------------

    /// A marking phase is running: overwritten references must pass `barrier`.
    #[inline(always)]
    pub fn is_marking(&self) -> bool {
        self.marking
    }
    /// The write barrier: call it with the old word before a reference word of a cell (or a stack word below its
    /// span's `todo`) is overwritten.
    #[inline(always)]
    pub fn barrier(&mut self, old: u32) {
        if self.marking {
            self.shade_slow(old);
        }
    }
    #[cold]
    #[inline(never)]
    fn shade_slow(&mut self, bits: u32) {
        self.shade(bits);
    }
    #[inline(always)]
    pub(super) fn is_white(&self, header: u32) -> bool {
        header & COLOUR == self.birth ^ BLACK_OR_WHITE
    }
    /// Marks the object in a slot word as reached.
    #[inline(always)]
    pub(super) fn shade(&mut self, bits: u32) {
        if bits & 3 == 0 && bits != 0 {
            // SAFETY: `region` stays in the region.
            let h = unsafe { *self.region(bits as usize >> 1) };
            if self.is_white(h) {
                self.shade_white(bits, h);
            }
        }
    }
    #[inline(never)]
    fn shade_white(&mut self, bits: u32, h: u32) {
        self.check_grey(bits);
        let leaf = first_ref(h) == 255;
        self.set_gw(bits >> 2, 0, h & !COLOUR | if leaf { self.birth } else { GREY });
        if !leaf {
            self.push(bits, 0);
        }
    }
    fn push(&mut self, bits: u32, at: u32) {
        if self.mark.depth == DEPTH && !self.spill() {
            // A walk that has not come to it yet will find it.
            if self.cursor >= self.end || bits >> 2 < self.cursor {
                self.mark.rescan = self.mark.rescan.min(bits >> 2);
            }
            return;
        }
        if let Some(entry) = self.mark.stack.get_mut(self.mark.depth) {
            *entry = [bits, at];
            self.mark.depth += 1;
        }
    }
    fn pop(&mut self) -> Option<[u32; 2]> {
        let i = self.mark.depth.checked_sub(1)?;
        self.mark.depth = i;
        self.mark.stack.get(i).copied()
    }
    /// Moves the full stack to free memory.
    #[cold]
    fn spill(&mut self) -> bool {
        #[cfg(test)]
        if self.mark.no_spill {
            return false;
        }
        let Some(p) = self.take(SMALL) else { return false };
        self.free_base -= SMALL as i32;
        self.set_gw(p, 0, SMALL << SIZE_SHIFT | Kind::Raw as u32 | self.birth);
        self.set_gw(p, 1, self.mark.spilled);
        for i in 0..DEPTH {
            // Not copied: any allocation may get here, and the stack of a task is small.
            let [bits, at] = self.mark.stack.get(i).copied().unwrap_or_default();
            self.set_gw(p, 2 + 2 * i as u32, bits);
            self.set_gw(p, 3 + 2 * i as u32, at);
        }
        self.mark.spilled = p;
        self.mark.depth = 0;
        self.pace.counts.spills += 1;
        true
    }
    fn unspill(&mut self) {
        let p = self.mark.spilled;
        for i in 0..DEPTH {
            let entry = [self.gw(p, 2 + 2 * i as u32), self.gw(p, 3 + 2 * i as u32)];
            if let Some(e) = self.mark.stack.get_mut(i) {
                *e = entry;
            }
        }
        self.mark.spilled = self.gw(p, 1);
        self.mark.depth = DEPTH;
        self.free_base += SMALL as i32;
        self.put_free(p, SMALL);
    }

    // ---- what the VM does at a snapshot and after it ---------------------------------------------------------

    /// Starts a cycle, at a safepoint, with the few `roots` that the VM itself holds. Right after it, before any Python
    /// code runs, the VM shades the running frame (`shade_words`; a running generator's cell by `scan_cell_now`) and hands
    /// over a span for the rest of each fiber (`add_span`). Caches keyed by addresses of objects are flushed here.
    /// Does nothing while a cycle is running.
    pub fn start_cycle(&mut self, roots: &[Option<Value>]) {
        if self.phase != Phase::Idle {
            return;
        }
        self.drop_pending(super::PENDING_CYCLE);
        // What is not reached from here on may be freed: no look-up may remember it.
        self.flush_caches();
        self.flush_shapes();
        self.birth ^= BLACK_OR_WHITE;
        self.marking = true;
        self.phase = Phase::Mark;
        self.cursor = self.end;
        self.mark.rescan = NOWHERE;
        self.mark.spans = None;
        self.plan();
        let own = [self.raised, self.oom, self.spare, self.emergency_cell(), self.cache.cell()];
        for v in own.iter().chain(roots) {
            self.shade(v.map_or(0, Value::bits));
        }
        self.shade_strings();
        self.finals_start();
    }
    /// Shades the `n` stack words from `words` on.
    ///
    /// # Safety
    /// They are readable; each is 0 or a value.
    pub unsafe fn shade_words(&mut self, words: *const u32, n: usize) {
        for i in 0..n {
            // SAFETY: the caller's promise.
            self.shade(unsafe { *words.add(i) });
        }
    }
    /// Hands over the stack words below `span.todo` for the running cycle.
    ///
    /// # Safety
    /// The words are readable and each is 0 or a value; span and words stay where they are until the cycle ends or
    /// `remove_span`; only `scan_span_to` and this module change `todo`; the span is not in the list already.
    pub unsafe fn add_span(&mut self, span: NonNull<StackSpan>) {
        if self.marking {
            // SAFETY: the caller's promise.
            unsafe { (*span.as_ptr()).next = self.mark.spans };
            self.mark.spans = Some(span);
        }
    }
    /// Reads a span down to word `index`: called when a return reaches a frame whose words begin there, and when a
    /// suspended fiber resumes, with the frame that will run.
    ///
    /// # Safety
    /// As `add_span`.
    pub unsafe fn scan_span_to(&mut self, span: NonNull<StackSpan>, index: u32) {
        // SAFETY: the caller's promise.
        unsafe {
            let s = span.as_ptr();
            if !self.marking {
                (*s).todo = 0;
            }
            while (*s).todo > index {
                (*s).todo -= 1;
                let w = *(*s).base.add((*s).todo as usize);
                self.shade(w);
            }
        }
    }
    /// Forgets a span whose fiber ended.
    ///
    /// # Safety
    /// As `add_span`.
    pub unsafe fn remove_span(&mut self, span: NonNull<StackSpan>) {
        // SAFETY: listed spans are alive.
        unsafe {
            let mut link: *mut Option<NonNull<StackSpan>> = &mut self.mark.spans;
            while let Some(s) = *link {
                let next = &raw mut (*s.as_ptr()).next;
                if s == span {
                    *link = *next;
                    return;
                }
                link = next;
            }
        }
    }
    /// Reads all references of `v` now, if the running mark has not yet: before a generator's frame runs in its cell.
    pub fn scan_cell_now(&mut self, v: Value) {
        if self.marking && v.is_heap() {
            self.scan_part(v, 0, usize::MAX);
            self.scanned(v);
        }
    }
    /// Reads references `from..from + n` of an unread cell, so that a large array can be scanned with ticks in between
    /// before it is moved or permuted; `scanned` tells that all are done. Elements may be stored meanwhile
    /// (`set_slot`), not moved. False once there is nothing (more) to read.
    pub fn scan_part(&mut self, v: Value, from: usize, n: usize) -> bool {
        if !self.marking || !v.is_heap() {
            return false;
        }
        self.check_cell(v);
        let h = self.header(v);
        let (first, end) = (first_ref(h) as usize, Heap::ref_end(h) as usize);
        if h & COLOUR == self.birth || h & COLOUR == READ || first == 255 {
            return false;
        }
        let stop = from.saturating_add(n).min(end);
        for i in from.max(first)..stop {
            // SAFETY: `at` stays in the region.
            let w = unsafe { *self.at(v, i + 1) };
            self.shade(w);
        }
        stop < end
    }
    /// All parts of `v` were read by `scan_part`.
    pub fn scanned(&mut self, v: Value) {
        if !self.marking || !v.is_heap() {
            return;
        }
        let h = self.header(v);
        let colour = if h & COLOUR == GREY {
            READ
        } else if self.is_white(h) {
            self.birth
        } else {
            return;
        };
        self.set_gw(v.bits() >> 2, 0, h & !COLOUR | colour);
    }
    /// Before the elements of an array are moved about by anything but `set_slot`, `copy_slots` and `slots_mut`.
    pub fn before_move(&mut self, v: Value) {
        self.scan_cell_now(v);
    }
    /// Before `n` reference words from word `from` are overwritten: shades what they hold, if nobody has read it yet.
    pub(super) fn before_overwrite(&mut self, v: Value, from: usize, n: usize) {
        if !self.marking || self.header(v) & COLOUR == self.birth {
            return;
        }
        if n > 2 * CHUNK as usize {
            return self.scan_cell_now(v);
        }
        self.scan_part(v, from, n);
    }
    /// A reference that the collector does not follow (a weak table's) is about to be used: `None` if its object is dead,
    /// and a live one stays alive for this cycle.
    pub fn weak(&mut self, v: Value) -> Option<Value> {
        if v.is_heap() {
            if self.phase == Phase::Sweep && self.is_white(self.header(v)) {
                return None;
            }
            self.barrier(v.bits());
        }
        Some(v)
    }

    // ---- steps -----------------------------------------------------------------------------------------------

    /// Marks for about `budget` instructions, and begins the sweep when all is marked. Returns what is left.
    pub(super) fn mark_some(&mut self, mut budget: i32) -> i32 {
        while budget > 0 {
            if self.finals_walking() {
                budget -= self.finals_walk();
            } else if let Some([bits, at]) = self.pop() {
                budget -= self.mark_one(bits, at);
            } else if self.mark.spilled != 0 {
                self.unspill();
                budget -= PER_SPILL;
            } else if let Some(span) = self.mark.spans {
                budget -= self.mark_span(span);
            } else if self.finals_shade() {
                budget -= 8 * super::finalize::PER_SHADED;
            } else if self.cursor < self.end {
                budget -= self.rescan_one();
            } else if self.mark.rescan != NOWHERE {
                self.cursor = self.mark.rescan;
                self.mark.rescan = NOWHERE;
                self.pace.counts.rescans += 1;
            } else if !self.finals_end() {
                self.begin_sweep();
                break;
            }
        }
        budget
    }
    fn mark_one(&mut self, bits: u32, at: u32) -> i32 {
        let p = bits >> 2;
        let h = self.gw(p, 0);
        if h & COLOUR != GREY {
            if h & COLOUR == READ {
                self.set_gw(p, 0, h & !COLOUR | self.birth);
            }
            return PER_WALKED;
        }
        let end = Heap::ref_end(h);
        let from = at.max(first_ref(h));
        let stop = (from + CHUNK).min(end);
        if stop < end {
            // Beneath its children, so that a wide array does not fill the stack with all of them.
            self.push(bits, stop);
        } else {
            self.set_gw(p, 0, h & !COLOUR | self.birth);
        }
        let (base, limit, white) = (self.base, self.limit, self.birth ^ BLACK_OR_WHITE);
        let (mut found, spills) = (0, self.pace.counts.spills);
        for i in from..stop {
            let at = p * 2 + 1 + i;
            // SAFETY: both indices are below `limit`, the words of the region. The names are local because the compiler
            // would read them again after each store.
            unsafe {
                let w = *base.add(if at < limit { at as usize } else { 0 });
                if w & 3 == 0 && w != 0 && w >> 1 < limit {
                    let h = *base.add(w as usize >> 1);
                    if h & COLOUR == white {
                        self.shade_white(w, h);
                        found += 1;
                    }
                }
            }
        }
        let spills = self.pace.counts.spills.wrapping_sub(spills) as i32;
        PER_ENTRY + PER_WORD * stop.saturating_sub(from) as i32 + PER_SHADED * found + PER_SPILL * spills
    }
    fn mark_span(&mut self, span: NonNull<StackSpan>) -> i32 {
        // SAFETY: `add_span`: listed spans and their words are alive.
        unsafe {
            let s = span.as_ptr();
            let to = (*s).todo.saturating_sub(CHUNK);
            self.scan_span_to(span, to);
            if to == 0 {
                // New spans go in front, so this one may be anywhere.
                self.remove_span(span);
            }
        }
        PER_ENTRY + (PER_WORD + PER_SHADED) * CHUNK as i32
    }
    /// One cell of the walk that looks for greys.
    fn rescan_one(&mut self) -> i32 {
        let p = self.cursor;
        if self.is_bump(p) {
            self.cursor = self.bump_end;
            return PER_WALKED;
        }
        let h = self.gw(p, 0);
        self.cursor = p + (h >> SIZE_SHIFT).max(1);
        if h & COLOUR == GREY && h & KIND != Kind::Free as u32 {
            self.push(p * 4, 0);
        }
        PER_WALKED
    }
}
