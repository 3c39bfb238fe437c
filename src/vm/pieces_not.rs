//! Work on containers at a stretch, where flash counts most and nothing is large.

use super::api::Vm;
use crate::heap::{Heap, Kind, R, Value};
use crate::object::{list, set, tuple};

/// Words that are copied at a stretch.
pub const COPIED: usize = 1 << 20;
/// Items that are looked at or written one by one at a stretch.
pub const ITEMS: usize = usize::MAX;

/// How many items a list or tuple has, and the cell where they lie (any where there is none).
fn row(heap: &Heap, v: Value) -> (usize, Value) {
    if heap.is(v, Kind::List) {
        (list::len(heap, v), heap.field(v, list::ITEMS))
    } else {
        (tuple::len(heap, v), v)
    }
}

impl Vm {
    #[inline(always)]
    pub fn turn(&mut self, _: u32) -> R<()> {
        Ok(())
    }
    #[inline(always)]
    pub fn tick_after(&mut self, _: usize, _: u32) -> R<()> {
        Ok(())
    }
    #[inline(always)]
    pub fn tick_often(&mut self, _: usize, _: u32) -> R<()> {
        Ok(())
    }
    /// Appends items `at..at + n` of a list or tuple to a list, which may be the same one; both are reachable.
    pub fn append_items(&mut self, to: Value, from: Value, at: usize, n: usize) -> R<()> {
        let (have, words) = row(self.heap(), from);
        let n = n.min(have.saturating_sub(at));
        self.with_heap(|h| list::extend_words(h, to, Some(words), at, n))
    }
    /// The same for the part that a length tells.
    #[inline(always)]
    pub fn append_part(
        &mut self,
        to: Value,
        from: Value,
        part: impl Fn(&Heap, usize) -> (usize, usize),
    ) -> R<()> {
        let (at, n) = part(self.heap(), usize::MAX);
        self.append_items(to, from, at, n)
    }
    /// A new list of the part of a list or tuple that its length tells.
    pub fn new_list_of(&mut self, from: Value, part: impl Fn(&Heap, usize) -> (usize, usize)) -> R {
        let (at, n) = part(self.heap(), row(self.heap(), from).0);
        let l = self.new_list(n)?;
        let slot = self.push(l)?;
        self.append_items(l, from, at, n)?;
        self.drop_to(slot);
        Ok(l)
    }
    /// A new list with room for `n` items.
    pub fn new_list(&mut self, n: usize) -> R {
        self.with_heap1(list::with_capacity, n)
    }
    /// A copy of a dict or set as one of the given kind.
    pub fn copy_table(&mut self, from: Value, kind: Kind) -> R {
        self.with_heap2(set::copy, from, kind)
    }
    /// A tuple of the items of a list that nobody else knows.
    pub fn tuple_of_list(&mut self, l: Value) -> R {
        let slot = self.push(l)?;
        let (n, words) = row(self.heap(), l);
        let t = self.with_heap(|h| tuple::from_words(h, words, 0, n))?;
        self.drop_to(slot);
        Ok(t)
    }
    #[inline(always)]
    pub fn moved(&mut self, _: usize, made: Value) -> R {
        Ok(made)
    }
    #[inline(always)]
    pub fn settle(&mut self, _: Value, _: usize) -> R<()> {
        Ok(())
    }
    #[inline(always)]
    pub fn grow_in_turns(&mut self, _: Value) -> R<bool> {
        Ok(false)
    }
}
