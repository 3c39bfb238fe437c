//! `Span`: a run of bytes in a cell or a built-in name, named so that it can be kept while the heap allocates.
//!
//! Invariants
//! - a span is valid until the next call that may run Python: nothing frees its owner before that;
//! - reading and copying clip to the owner's present size, so a span that outlived a change of its owner is short, not wild.

use super::{Heap, Kind, Value, names, words};
use crate::q;

#[derive(Clone, Copy)]
pub struct Span {
    /// A leaf cell, or a built-in name.
    pub owner: Value,
    /// Payload word of `owner` where `offset` counts from.
    pub from_word: u16,
    pub offset: u32,
    pub len: u32,
}

impl Span {
    pub const EMPTY: Span = Span { owner: q!(""), from_word: 0, offset: 0, len: 0 };

    /// The part from byte `from` up to `to`, clipped.
    #[cfg_attr(feature = "tiny", inline(never))]
    pub fn sub(self, from: usize, to: usize) -> Span {
        let to = to.min(self.len as usize);
        let from = from.min(to);
        Span { offset: self.offset + from as u32, len: (to - from) as u32, ..self }
    }
    pub fn len(&self) -> usize {
        self.len as usize
    }
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Heap {
    /// All the text of a `Str` or `Bytes` cell or a built-in name.
    pub fn str_span(&self, v: Value) -> Option<Span> {
        if v.is_heap() {
            if !matches!(self.kind(v), Kind::Str | Kind::Bytes) {
                return None;
            }
            let room = (self.words(v) as u32).wrapping_sub(1).wrapping_mul(4);
            let len = room.saturating_sub(self.word(v, 0) & 7);
            return Some(Span { owner: v, from_word: 1, offset: 0, len });
        }
        let len = names::bytes_of(v)?.len() as u32;
        Some(Span { owner: v, from_word: 0, offset: 0, len })
    }
    /// The first `len` bytes of a leaf cell's payload from word `from_word` on.
    pub fn cell_span(&self, v: Value, from_word: u16, len: usize) -> Span {
        Span { owner: v, from_word, offset: 0, len: len as u32 }
    }
    pub fn span_bytes(&self, s: Span) -> &[u8] {
        let all = match s.owner.is_heap() {
            true => self.bytes(s.owner, s.from_word as usize),
            false if s.owner == Value::FOREIGN => return self.foreign(s),
            false => names::bytes_of(s.owner).unwrap_or(&[]),
        };
        let from = s.offset as usize;
        all.get(from..from + s.len as usize).unwrap_or_else(|| all.get(from..).unwrap_or(&[]))
    }
    /// Empty for a built-in name: it lies in flash.
    pub fn span_bytes_mut(&mut self, s: Span) -> &mut [u8] {
        if s.owner == Value::FOREIGN {
            return self.foreign_mut(s);
        }
        if !s.owner.is_heap() {
            return &mut [];
        }
        let all = self.bytes_mut(s.owner, s.from_word as usize);
        let end = all.len().min(s.offset as usize + s.len as usize);
        all.get_mut(s.offset as usize..end).unwrap_or(&mut [])
    }
    /// Copies the first bytes out of the heap, as many as there is room for: how many.
    pub fn read_span(&self, from: Span, to: &mut [u8]) -> usize {
        let bytes = self.span_bytes(from);
        let bytes = bytes.get(..to.len()).unwrap_or(bytes);
        to.iter_mut().zip(bytes).for_each(|(to, b)| *to = *b);
        bytes.len()
    }
    /// Makes the bytes 0.
    pub fn clear_span(&mut self, to: Span) {
        // SAFETY: `align_to_mut` gives whole words of the bytes.
        let (before, all, behind) = unsafe { self.span_bytes_mut(to).align_to_mut::<u32>() };
        before.fill(0);
        // SAFETY: they are the words of a slice.
        unsafe { words::clear(all.as_mut_ptr(), all.len()) }
        behind.fill(0);
    }
    /// Writes as many bytes as fit.
    pub fn write_span(&mut self, to: Span, bytes: &[u8]) {
        let dest = self.span_bytes_mut(to);
        let n = dest.len().min(bytes.len());
        if let (Some(d), Some(s)) = (dest.get_mut(..n), bytes.get(..n)) {
            d.copy_from_slice(s);
        }
    }
    /// The payload words of two leaf cells to read and of a third one to write; without words where a cell is missing.
    /// The third must be another cell than the first two, else it has no words.
    pub fn words_of(
        &mut self,
        a: Option<Value>,
        b: Option<Value>,
        out: Value,
    ) -> (&[u32], &[u32], &mut [u32]) {
        let view = |v: Option<Value>| match v {
            Some(v) if v.is_heap() && v != out => {
                self.check_raw(v, 0);
                self.whole(v)
            }
            _ => (core::ptr::NonNull::dangling().as_ptr() as *const u32, 0),
        };
        let ((pa, na), (pb, nb)) = (view(a), view(b));
        self.check_raw(out, 0);
        let (po, no) = self.whole(out);
        let no = if a == Some(out) || b == Some(out) { 0 } else { no };
        // SAFETY: both views are of cells other than `out`, and cells do not overlap; the borrow of the heap that the caller
        // holds covers all three.
        unsafe {
            (
                core::slice::from_raw_parts(pa, na),
                core::slice::from_raw_parts(pb, nb),
                core::slice::from_raw_parts_mut(po.cast_mut(), no),
            )
        }
    }
    /// Copies as many bytes as both have; they may overlap.
    pub fn copy_span(&mut self, to: Span, from: Span) {
        let n = to.len.min(from.len) as usize;
        if !to.owner.is_heap() {
            return self.copy_foreign(to, from);
        }
        if from.owner == Value::FOREIGN {
            return self.copy_foreign(to, from);
        }
        if let Some(text) = names::bytes_of(from.owner) {
            let text = text.get(from.offset as usize..).unwrap_or(&[]);
            let n = n.min(text.len());
            return self.write_span(to, text.get(..n).unwrap_or(&[]));
        }
        if from.owner.is_heap() {
            self.copy_bytes(
                (to.owner, to.from_word as usize, to.offset as usize),
                (from.owner, from.from_word as usize, from.offset as usize),
                n,
            );
        }
    }
}
