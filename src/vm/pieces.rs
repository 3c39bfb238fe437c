//! Long work on containers in pieces, between which who waits for the VM gets it.
//!
//! Invariants
//! - nothing read from an object that others may change is kept over a `tick`: cells and lengths are read anew;
//! - amid the work every object that others can see is as whole as before and after it.

use super::api::Vm;
use super::fiber::Slot;
use crate::heap::{Heap, Kind, R, Value};
use crate::object::{array, hashtable, list, set, tuple};

/// Words that are copied at a stretch (about half an instruction each).
pub const COPIED: usize = 8192;
/// Items of a list that is made at a stretch.
const SMALL: usize = 1024;
/// Items that are looked at or written one by one at a stretch.
pub const ITEMS: usize = 256;

/// How many items a list or tuple has, and the cell where they lie.
fn row(heap: &Heap, v: Value) -> (usize, Option<Value>) {
    if heap.is(v, Kind::List) {
        (list::len(heap, v), heap.slot(v, list::ITEMS))
    } else {
        (tuple::len(heap, v), Some(v))
    }
}

impl Vm {
    /// The safepoint after `n` instructions of work that is short where flash counts most: there it is none.
    #[inline(always)]
    pub fn turn(&mut self, n: u32) -> R<()> {
        self.tick(n)
    }
    /// The safepoint after `n` words were moved at a stretch, where they are many; what the native gives is reachable until then.
    #[inline]
    pub fn moved(&mut self, n: usize, made: Value) -> R {
        if n > COPIED / 4 {
            let kept = self.push(made)?;
            self.tick(n as u32 / 2)?;
            self.drop_to(kept);
        }
        Ok(made)
    }
    /// The safepoint of a loop that has done `i` rounds of about `each` instructions: every `ITEMS` ones.
    #[inline]
    pub fn tick_after(&mut self, i: usize, each: u32) -> R<()> {
        if i != 0 && i.is_multiple_of(ITEMS) { self.tick(each.saturating_mul(ITEMS as u32)) } else { Ok(()) }
    }
    /// The same where a round takes a hundred instructions or more: every 32.
    #[inline]
    pub fn tick_often(&mut self, i: usize, each: u32) -> R<()> {
        if i % 32 == 31 { self.tick(32 * each) } else { Ok(()) }
    }
    /// Appends items `at..at + n` of a list or tuple to a list, which may be the same one; both are reachable. Fewer where
    /// others have taken some out meanwhile.
    pub fn append_items(&mut self, to: Value, from: Value, at: usize, n: usize) -> R<()> {
        let end = row(self.heap(), from).0.min(at.saturating_add(n));
        let mut at = at.min(end);
        if end - at > COPIED {
            self.with_heap_anew(|h| {
                let used = list::len(h, to);
                array::reserve(h, to, list::ITEMS, used, used + (end - at))
            })?;
            self.tick(COPIED as u32)?;
        }
        loop {
            let piece = end.min(at + COPIED);
            let reached = self.with_heap_anew(|h| {
                let (have, words) = row(h, from);
                let stop = piece.min(have);
                list::extend_words(h, to, words, at, stop.saturating_sub(at))?;
                Ok(stop)
            })?;
            if piece == end || reached < piece {
                return Ok(());
            }
            at = piece;
            self.tick(COPIED as u32)?;
        }
    }
    /// The same for the part that a length tells (where it begins, how many items): one step for others, unless it is very long.
    pub fn append_part(
        &mut self,
        to: Value,
        from: Value,
        part: impl Fn(&Heap, usize) -> (usize, usize),
    ) -> R<()> {
        let (at, n) = part(self.heap(), row(self.heap(), from).0);
        if n > COPIED {
            return self.append_items(to, from, at, n);
        }
        self.with_heap_anew(|h| {
            let (have, words) = row(h, from);
            let (at, n) = part(h, have);
            list::extend_words(h, to, words, at, n.min(have.saturating_sub(at)))
        })
    }
    /// A new list of that part of a list or tuple, as it is when it is copied.
    pub fn new_list_of(&mut self, from: Value, part: impl Fn(&Heap, usize) -> (usize, usize)) -> R {
        let n = part(self.heap(), row(self.heap(), from).0).1;
        if n <= SMALL {
            return self.with_heap_anew(|h| {
                let (have, words) = row(h, from);
                let (at, n) = part(h, have);
                match words {
                    Some(words) => list::from_words(h, words, at, n.min(have.saturating_sub(at))),
                    None => list::new(h),
                }
            });
        }
        let l = self.new_list(n)?;
        let slot = self.push(l)?;
        self.append_part(l, from, part)?;
        self.drop_to(slot);
        Ok(l)
    }
    /// A new list with room for `n` items.
    pub fn new_list(&mut self, n: usize) -> R {
        if n <= SMALL {
            return self.with_heap_anew(|h| list::with_capacity(h, n));
        }
        // The collector has its turn at each of the two allocations: so has who waits, in between and behind.
        let l = self.with_heap_anew(list::new)?;
        let slot = self.push(l)?;
        self.tick(COPIED as u32)?;
        self.with_heap_anew(|h| array::reserve(h, l, list::ITEMS, 0, n))?;
        self.tick(COPIED as u32)?;
        self.drop_to(slot);
        Ok(l)
    }
    /// A copy of a dict or set as one of the given kind.
    pub fn copy_table(&mut self, from: Value, kind: Kind) -> R {
        let (entries, index) = hashtable::sizes(self.heap(), from);
        if entries + index <= SMALL {
            return self.with_heap_anew(|h| set::copy(h, from, kind));
        }
        let to = self.with_heap_anew(|h| hashtable::new(h, kind))?;
        let slot = self.push(to)?;
        while !hashtable::copy_into_own(self.heap_mut(), from, to) {
            self.tick(COPIED as u32)?;
            let sizes = hashtable::sizes(self.heap(), from);
            for (i, (part, words)) in [(Kind::Array, sizes.0), (Kind::Raw, sizes.1)].into_iter().enumerate() {
                let cell = match words {
                    0 => None,
                    _ => Some(self.with_heap_anew(|h| h.alloc(part, words))?),
                };
                hashtable::furnish(self.heap_mut(), to, i, cell);
                self.tick(COPIED as u32)?;
            }
        }
        self.drop_to(slot);
        Ok(to)
    }
    /// A tuple of the items of a list that nobody else knows; the list is empty afterwards or left alone.
    pub fn tuple_of_list(&mut self, l: Value) -> R {
        let slot = self.push(l)?;
        let t = match list::become_tuple(self.heap_mut(), l) {
            Some(t) => t,
            None => self.with_heap_anew(|h| {
                let (n, words) = row(h, l);
                tuple::from_words(h, words.unwrap_or(l), 0, n)
            })?,
        };
        self.drop_to(slot);
        Ok(t)
    }

    /// Before the words of the array in word `field` of `owner` are moved at a stretch: while the collector marks it reads
    /// them all first, here piece by piece.
    #[inline(always)]
    pub fn settle(&mut self, owner: Value, field: usize) -> R<()> {
        if self.heap().is_marking() { self.read_ahead(owner, field) } else { Ok(()) }
    }
    #[inline(never)]
    fn read_ahead(&mut self, owner: Value, field: usize) -> R<()> {
        let (mut before, mut at) = (None, 0);
        while self.heap().is_marking() {
            let (cycle, cell) = (self.heap().counts().cycles, self.heap().slot(owner, field));
            let Some(a) = cell.filter(|a| self.heap().words(*a) > ITEMS) else { break };
            if before != Some((cycle, a)) {
                (before, at) = (Some((cycle, a)), 0);
            }
            if !self.heap_mut().scan_part(a, at, ITEMS) {
                self.heap_mut().scanned(a);
                break;
            }
            at += ITEMS;
            self.tick(12 * ITEMS as u32)?;
        }
        Ok(())
    }

    /// Makes room for one more entry in a large table that has none. True if it was made: others may have changed the table
    /// meanwhile.
    #[inline(always)]
    pub fn grow_in_turns(&mut self, t: Value) -> R<bool> {
        if hashtable::is_large_and_full(self.heap(), t) { self.grow_large(t) } else { Ok(false) }
    }
    #[inline(never)]
    fn grow_large(&mut self, t: Value) -> R<bool> {
        let who = (core::ptr::from_ref(self.fiber()) as usize >> 3) as u32 | 1;
        let depth = self.depth();
        let done = self.grow_as(t, who);
        if done.is_err() {
            // Nobody who comes later takes the work for his own.
            hashtable::begin_work(self.heap_mut(), t, 0);
        }
        self.drop_to(Slot(depth));
        done?;
        Ok(true)
    }
    fn grow_as(&mut self, t: Value, who: u32) -> R<()> {
        // Where many entries are gone those behind them move: the table is whole after each.
        hashtable::begin_work(self.heap_mut(), t, who);
        let mut at = (0, 0);
        while let Some(next) = hashtable::close_gaps(self.heap_mut(), t, who, at, ITEMS / 2) {
            at = next;
            self.tick(80 * ITEMS as u32 / 2)?;
        }
        if !hashtable::is_large_and_full(self.heap(), t) {
            return Ok(());
        }
        let entries = self.with_heap_anew(|h| hashtable::larger_entries(h, t))?;
        self.push(entries)?;
        self.tick(COPIED as u32)?;
        let index = self.with_heap_anew(|h| hashtable::larger_index(h, t, entries))?;
        self.push(index)?;
        self.tick(COPIED as u32)?;
        if hashtable::begin_work(self.heap_mut(), t, who) {
            let mut at = 0;
            while let Some(next) = hashtable::fill_index(self.heap_mut(), t, who, index, at, ITEMS) {
                at = next;
                self.tick(30 * ITEMS as u32)?;
            }
            hashtable::take_over(self.heap_mut(), t, who, entries, index);
        }
        Ok(())
    }
}
