//! `Array` cells: the backing store of lists, tables and queues.
//!
//! Invariants
//! - an array belongs to one object; words that are not in use are empty;
//! - growing allocates before anything changes, so a failed call can be made again.

use crate::heap::{Heap, Kind, R, Value};

/// Copies `n` words from `from[at..]` to `to[dest..]`; the ranges may overlap within one cell.
pub fn copy(heap: &mut Heap, from: Value, at: usize, to: Value, dest: usize, n: usize) {
    // Where there is nothing to copy there may be no cell either.
    if n > 0 {
        heap.copy_slots(to, dest, from, at, n);
    }
}

/// Empties words `from..to`.
pub fn clear(heap: &mut Heap, array: Value, from: usize, to: usize) {
    if from < to {
        heap.clear_slots(array, from, to - from);
    }
}

/// Words of an array that may not exist yet.
pub fn capacity(heap: &Heap, array: Option<Value>) -> usize {
    array.map_or(0, |a| heap.words(a))
}

/// Makes the array in word `field` of `owner` at least `need` words long; its first `used` words stay.
/// Says whether the array has moved.
pub fn reserve(heap: &mut Heap, owner: Value, field: usize, used: usize, need: usize) -> R<bool> {
    let old = heap.slot(owner, field);
    let have = capacity(heap, old);
    if need <= have {
        return Ok(false);
    }
    let want = need.max(have + have / 2 + 2);
    if let Some(a) = old
        && heap.resize(a, want)
    {
        return Ok(false);
    }
    // A tight heap gets what is needed now rather than nothing.
    let fresh = match grown(heap, old, used, want) {
        Ok(a) => a,
        Err(_) => grown(heap, old, used, need)?,
    };
    heap.set_field(owner, field, fresh);
    if let Some(a) = old {
        heap.free(a);
    }
    Ok(true)
}

/// A new array of `words` words that begins with the first `used` ones of an old one.
fn grown(heap: &mut Heap, old: Option<Value>, used: usize, words: usize) -> R {
    let Some(old) = old else { return heap.alloc(Kind::Array, words) };
    if cfg!(feature = "tiny") || used < 64 {
        let a = heap.alloc(Kind::Array, words)?;
        copy(heap, old, 0, a, 0, used);
        return Ok(a);
    }
    // Only what is not overwritten is emptied.
    let a = heap.alloc_raw(words)?;
    heap.copy_words(a, 0, old, 0, used);
    heap.set_kind(a, Kind::Array);
    heap.clear_slots(a, used, heap.words(a) - used);
    Ok(a)
}

/// Gives memory back when far fewer than all words are in use.
pub fn trim(heap: &mut Heap, owner: Value, field: usize, used: usize) {
    let Some(a) = heap.slot(owner, field) else { return };
    if heap.words(a) > 8 && used * 4 < heap.words(a) {
        heap.resize(a, used * 2 + 2);
    }
}
