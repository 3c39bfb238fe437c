//! Scratch vectors: growable bytes, words or references in heap cells, for the compiler and for natives.
//!
//! Invariants
//! - a vector owns its cell and nothing else refers to it, so growing may move it and `free` gives it back at once;
//! - nothing marks a vector's cell: it lives as long as no collection cycle starts (`&mut Heap` code), unless its
//!   owner puts `cell()` into a slot, or the heap was lent when it came to be (`lent`);
//! - a vector without a cell is empty; a failed `push` leaves the vector as it was.

use super::{Heap, Kind, R, Value};

/// Makes room for `need` words: in place, or in a new cell half as large again. `used` words are kept.
fn grow(heap: &mut Heap, kind: Kind, cell: Option<Value>, used: usize, need: usize) -> R<Value> {
    let kind = heap.scratch_kind(kind);
    let have = cell.map_or(0, |v| heap.words(v));
    if let (Some(v), true) = (cell, need <= have) {
        return Ok(v);
    }
    let want = need.max(have + have / 2).max(7);
    if let Some(v) = cell
        && (heap.resize(v, want) || heap.resize(v, need))
    {
        return Ok(v);
    }
    let new = match heap.alloc(kind, want) {
        Ok(v) => v,
        Err(r) if want == need => return Err(r),
        Err(_) => heap.alloc(kind, need)?,
    };
    if let Some(old) = cell {
        heap.copy_words(new, 0, old, 0, used);
        heap.free(old);
    }
    Ok(new)
}

macro_rules! common {
    ($name:ident, $kind:expr, $per_word:expr) => {
        impl $name {
            pub const fn new() -> $name {
                $name { cell: None, len: 0 }
            }
            /// Empty, with room for `n` items.
            pub fn with_capacity(heap: &mut Heap, n: usize) -> R<$name> {
                let mut v = $name::new();
                v.reserve(heap, n)?;
                Ok(v)
            }
            pub fn len(&self) -> usize {
                self.len as usize
            }
            pub fn is_empty(&self) -> bool {
                self.len == 0
            }
            /// Makes room for `more` items, so that this many `push`es cannot fail.
            pub fn reserve(&mut self, heap: &mut Heap, more: usize) -> R<()> {
                let words = |n: usize| n.div_ceil($per_word);
                let need = words(self.len as usize + more);
                if need == 0 {
                    return Ok(());
                }
                self.cell = Some(grow(heap, $kind, self.cell, words(self.len as usize), need)?);
                Ok(())
            }
            /// Gives the memory back; the vector is empty again.
            pub fn free(&mut self, heap: &mut Heap) {
                self.len = 0;
                if let Some(v) = self.cell.take() {
                    heap.free(v);
                }
            }
            /// The cell that holds the items.
            pub fn cell(&self) -> Option<Value> {
                self.cell
            }
            /// Lets go of the cell, cut to the items; the vector is empty again.
            pub fn take_cell(&mut self, heap: &mut Heap) -> Option<Value> {
                let v = self.cell.take()?;
                heap.let_go(v);
                heap.resize(v, (self.len as usize).div_ceil($per_word));
                self.len = 0;
                Some(v)
            }
        }
    };
}

/// A growable vector of bytes.
#[derive(Default)]
pub struct ByteVec {
    cell: Option<Value>,
    len: u32,
}

common!(ByteVec, Kind::Raw, 4);

impl ByteVec {
    /// The vector with this cell and `n` items. One vector alone may be used with a cell.
    pub fn of_cell(heap: &Heap, cell: Option<Value>, n: usize) -> ByteVec {
        ByteVec { cell, len: n.min(cell.map_or(0, |v| heap.words(v) * 4)) as u32 }
    }
    /// Gives back what is behind the items.
    pub fn trim(&mut self, heap: &mut Heap) {
        if let Some(v) = self.cell {
            heap.resize(v, self.len().div_ceil(4));
        }
    }
    pub fn push(&mut self, heap: &mut Heap, b: u8) -> R<()> {
        self.reserve(heap, 1)?;
        self.len += 1;
        self.set(heap, self.len as usize - 1, b);
        Ok(())
    }
    /// Appends bytes that do not lie in this heap (the borrow checker says so).
    pub fn extend(&mut self, heap: &mut Heap, bytes: &[u8]) -> R<()> {
        self.reserve(heap, bytes.len())?;
        let at = self.len as usize;
        self.len += bytes.len() as u32;
        if let Some(d) = self.as_mut_slice(heap).get_mut(at..) {
            d.copy_from_slice(bytes);
        }
        Ok(())
    }
    /// Opens a gap of `n` zero bytes at `at`.
    pub fn insert_gap(&mut self, heap: &mut Heap, at: usize, n: usize) -> R<()> {
        self.reserve(heap, n)?;
        let end = self.len as usize;
        let at = at.min(end);
        self.len += n as u32;
        let s = self.as_mut_slice(heap);
        s.copy_within(at..end, at + n);
        if let Some(gap) = s.get_mut(at..at + n) {
            gap.fill(0);
        }
        Ok(())
    }
    /// Removes `n` bytes from `at` on.
    pub fn remove(&mut self, heap: &mut Heap, at: usize, n: usize) {
        let end = self.len as usize;
        let at = at.min(end);
        let n = n.min(end - at);
        self.as_mut_slice(heap).copy_within(at + n.., at);
        self.len -= n as u32;
    }
    pub fn get(&self, heap: &Heap, i: usize) -> Option<u8> {
        self.as_slice(heap).get(i).copied()
    }
    /// Overwrites byte `i`; one beyond the end is left alone.
    pub fn set(&mut self, heap: &mut Heap, i: usize, b: u8) {
        if let Some(d) = self.as_mut_slice(heap).get_mut(i) {
            *d = b;
        }
    }
    /// Forgets the items from `n` on; the memory stays for later pushes.
    pub fn truncate(&mut self, n: usize) {
        self.len = self.len.min(n as u32);
    }
    pub fn pop(&mut self, heap: &Heap) -> Option<u8> {
        let b = self.get(heap, self.len().checked_sub(1)?)?;
        self.len -= 1;
        Some(b)
    }
    pub fn as_slice<'a>(&self, heap: &'a Heap) -> &'a [u8] {
        let all = self.cell.map_or(&[][..], |v| heap.bytes(v, 0));
        all.get(..self.len as usize).unwrap_or(all)
    }
    pub fn as_mut_slice<'a>(&mut self, heap: &'a mut Heap) -> &'a mut [u8] {
        match self.cell {
            Some(v) => {
                let all = heap.bytes_mut(v, 0);
                let n = all.len().min(self.len as usize);
                all.get_mut(..n).unwrap_or(&mut [])
            }
            None => &mut [],
        }
    }
}

/// A growable vector of raw 32-bit words.
#[derive(Default)]
pub struct WordVec {
    cell: Option<Value>,
    len: u32,
}

common!(WordVec, Kind::Raw, 1);

impl WordVec {
    /// So many zeros.
    pub fn zeros(heap: &mut Heap, n: usize) -> R<WordVec> {
        let mut v = WordVec::with_capacity(heap, n)?;
        v.len = n as u32;
        Ok(v)
    }
    pub fn push(&mut self, heap: &mut Heap, w: u32) -> R<()> {
        self.reserve(heap, 1)?;
        self.len += 1;
        self.set(heap, self.len as usize - 1, w);
        Ok(())
    }
    pub fn extend(&mut self, heap: &mut Heap, words: &[u32]) -> R<()> {
        self.reserve(heap, words.len())?;
        let at = self.len as usize;
        self.len += words.len() as u32;
        if let Some(d) = self.as_mut_slice(heap).get_mut(at..) {
            d.copy_from_slice(words);
        }
        Ok(())
    }
    #[inline]
    pub fn get(&self, heap: &Heap, i: usize) -> Option<u32> {
        if i < self.len as usize { Some(heap.word(self.cell?, i)) } else { None }
    }
    /// Overwrites word `i`; one beyond the end is left alone.
    #[inline]
    pub fn set(&mut self, heap: &mut Heap, i: usize, w: u32) {
        if let (Some(v), true) = (self.cell, i < self.len as usize) {
            heap.set_word(v, i, w);
        }
    }
    /// Forgets the items from `n` on; the memory stays for later pushes.
    pub fn truncate(&mut self, n: usize) {
        self.len = self.len.min(n as u32);
    }
    pub fn pop(&mut self, heap: &Heap) -> Option<u32> {
        let w = self.get(heap, self.len().checked_sub(1)?)?;
        self.len -= 1;
        Some(w)
    }
    pub fn last(&self, heap: &Heap) -> Option<u32> {
        self.get(heap, self.len().checked_sub(1)?)
    }
    pub fn as_slice<'a>(&self, heap: &'a Heap) -> &'a [u32] {
        let all = self.cell.map_or(&[][..], |v| heap.raw_words(v, 0));
        all.get(..self.len as usize).unwrap_or(all)
    }
    pub fn as_mut_slice<'a>(&mut self, heap: &'a mut Heap) -> &'a mut [u32] {
        match self.cell {
            Some(v) => {
                let all = heap.raw_words_mut(v, 0);
                let n = all.len().min(self.len as usize);
                all.get_mut(..n).unwrap_or(&mut [])
            }
            None => &mut [],
        }
    }
}

/// A growable vector of references (an empty slot is an item too).
#[derive(Default)]
pub struct ValueVec {
    cell: Option<Value>,
    len: u32,
}

common!(ValueVec, Kind::Array, 1);

impl ValueVec {
    pub fn push(&mut self, heap: &mut Heap, v: Option<Value>) -> R<()> {
        self.reserve(heap, 1)?;
        self.len += 1;
        self.set(heap, self.len as usize - 1, v);
        Ok(())
    }
    #[inline]
    pub fn get(&self, heap: &Heap, i: usize) -> Option<Value> {
        if i < self.len as usize { heap.slot(self.cell?, i) } else { None }
    }
    /// Overwrites item `i`; one beyond the end is left alone.
    pub fn set(&mut self, heap: &mut Heap, i: usize, v: Option<Value>) {
        if let (Some(cell), true) = (self.cell, i < self.len as usize) {
            heap.set_slot(cell, i, v);
        }
    }
    /// Forgets the items from `n` on; the memory stays for later pushes.
    pub fn truncate(&mut self, heap: &mut Heap, n: usize) {
        while self.len() > n {
            self.pop(heap);
        }
    }
    /// Takes the last item out (also `None` when it is an empty slot).
    pub fn pop(&mut self, heap: &mut Heap) -> Option<Value> {
        let last = self.len().checked_sub(1)?;
        let v = self.get(heap, last);
        // A reference left behind could outlive what it names.
        self.set(heap, last, None);
        self.len -= 1;
        v
    }
    pub fn last(&self, heap: &Heap) -> Option<Value> {
        self.get(heap, self.len().checked_sub(1)?)
    }
    pub fn as_slice<'a>(&self, heap: &'a Heap) -> &'a [Option<Value>] {
        self.cell.map_or(&[], |v| heap.slots(v, 0, self.len as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn vectors_hold_what_was_pushed() {
        let mut mem = vec![0u64; 2000];
        // SAFETY: `mem` outlives the heap and is used by nothing else.
        let heap = &mut unsafe { Heap::new(mem.as_mut_ptr().cast(), mem.len() * 8) };
        let (mut b, mut w, mut v) = (ByteVec::new(), WordVec::new(), ValueVec::new());
        for i in 0..300u32 {
            b.push(heap, i as u8).unwrap();
            w.push(heap, i * i).unwrap();
            v.push(heap, (i % 3 != 0).then_some(Value::small(i as i32))).unwrap();
        }
        b.extend(heap, b"tail").unwrap();
        assert_eq!(b.len(), 304);
        assert!((0..300).all(|i| b.get(heap, i) == Some(i as u8)));
        assert_eq!(w.as_slice(heap), (0..300).map(|i| i * i).collect::<Vec<u32>>());
        assert_eq!(v.as_slice(heap).get(4).copied().flatten(), Some(Value::small(4)));
        b.insert_gap(heap, 2, 3).unwrap();
        assert_eq!(b.as_slice(heap).get(..7), Some(&[0, 1, 0, 0, 0, 2, 3][..]));
        b.remove(heap, 2, 3);
        b.truncate(3);
        assert_eq!(b.as_slice(heap), [0, 1, 2]);
        assert_eq!((w.pop(heap), w.len(), w.get(heap, 299)), (Some(299 * 299), 299, None));
        assert_eq!(v.pop(heap), Some(Value::small(299)));
        v.truncate(heap, 0);
        assert_eq!(v.pop(heap), None);
        let mut small = WordVec::with_capacity(heap, 20000).err().map(|_| WordVec::new()).unwrap();
        assert!(heap.is_out_of_memory());
        small.push(heap, 1).unwrap();
        let cell = small.take_cell(heap).unwrap();
        assert_eq!(heap.word(cell, 0), 1);
        b.free(heap);
        assert!(b.is_empty() && b.cell().is_none());
    }
}
