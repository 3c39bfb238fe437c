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
    room(heap, owner, field, (used, used), need)
}
/// Makes room for `n` words before word `at` of `used` ones, whose rest moves up: whatever lies in the gap is overwritten by
/// `set_field` or `copy`.
pub fn open(heap: &mut Heap, owner: Value, field: usize, used: usize, at: usize, n: usize) -> R<()> {
    if !room(heap, owner, field, (at, used), used + n)?
        && let Some(a) = heap.slot(owner, field)
    {
        copy(heap, a, at, a, at + n, used - at);
    }
    Ok(())
}
/// Room for `need` words; of those up to `kept.1` the ones from `kept.0` on come to lie before word `need` if the array moves.
fn room(heap: &mut Heap, owner: Value, field: usize, kept: (usize, usize), need: usize) -> R<bool> {
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
    let fresh = match grown(heap, old, kept, need, want) {
        Ok(a) => a,
        Err(_) => grown(heap, old, kept, need, need)?,
    };
    heap.set_field(owner, field, fresh);
    if let Some(a) = old {
        heap.free(a);
    }
    Ok(true)
}

/// A new array of `words` words with those of an old one, as `room` says.
fn grown(heap: &mut Heap, old: Option<Value>, (at, used): (usize, usize), need: usize, words: usize) -> R {
    let Some(old) = old else { return heap.alloc(Kind::Array, words) };
    let behind = used - at;
    if cfg!(feature = "tiny") || used < 64 {
        let a = heap.alloc(Kind::Array, words)?;
        copy(heap, old, 0, a, 0, at);
        copy(heap, old, at, a, need - behind, behind);
        return Ok(a);
    }
    // Only what is not overwritten is emptied.
    let a = heap.alloc_raw(words)?;
    heap.copy_words(a, 0, old, 0, at);
    heap.copy_words(a, need - behind, old, at, behind);
    heap.set_kind(a, Kind::Array);
    clear(heap, a, at, need - behind);
    // Without an end moved up `need` is not yet in use.
    let end = if behind > 0 { need } else { at };
    clear(heap, a, end, heap.words(a));
    Ok(a)
}

/// Gives memory back when far fewer than all words are in use.
pub fn trim(heap: &mut Heap, owner: Value, field: usize, used: usize) {
    let Some(a) = heap.slot(owner, field) else { return };
    if heap.words(a) > 8 && used * 4 < heap.words(a) {
        heap.resize(a, used * 2 + 2);
    }
}
