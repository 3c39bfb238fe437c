//! Tuples: items in order in one cell.
//!
//! Invariants
//! - items are never empty, so the length is the number of words, less one where the last word is padding;
//! - `()` is always `Value::EMPTY_TUPLE`;
//! - a tuple is filled by whoever made it before anyone else sees it.

use crate::heap::{Heap, Kind, R, Value};

/// A tuple of `n` items that the caller fills with `set`.
pub fn new(heap: &mut Heap, n: usize) -> R {
    if n == 0 {
        return Ok(Value::EMPTY_TUPLE);
    }
    let t = heap.alloc(Kind::Tuple, n)?;
    for i in 0..n {
        heap.set_field(t, i, Value::NONE);
    }
    Ok(t)
}

/// The same without items at first: `len` and `get` are of no use before all are set.
#[cfg(feature = "basic")]
pub fn blank(heap: &mut Heap, n: usize) -> R {
    if n == 0 { Ok(Value::EMPTY_TUPLE) } else { heap.alloc(Kind::Tuple, n) }
}

pub fn from_slice(heap: &mut Heap, items: &[Value]) -> R {
    if items.is_empty() {
        return Ok(Value::EMPTY_TUPLE);
    }
    let t = heap.alloc(Kind::Tuple, items.len())?;
    for (i, v) in items.iter().enumerate() {
        heap.set_field(t, i, *v);
    }
    Ok(t)
}

/// Items in tuple `t`; 0 for `()` and for anything that is no tuple.
pub fn len(heap: &Heap, t: Value) -> usize {
    if !t.is_heap() {
        return 0;
    }
    let n = heap.words(t);
    n - usize::from(heap.word(t, n - 1) == 0)
}

pub fn get(heap: &Heap, t: Value, i: usize) -> Option<Value> {
    if i < len(heap, t) { heap.slot(t, i) } else { None }
}

pub fn set(heap: &mut Heap, t: Value, i: usize, v: Value) {
    heap.set_field(t, i, v);
}

pub fn is(heap: &Heap, v: Value) -> bool {
    v == Value::EMPTY_TUPLE || heap.is(v, Kind::Tuple)
}

/// A tuple of `n` items copied from reference words `at..` of `from` (a tuple or an array).
pub fn from_words(heap: &mut Heap, from: Value, at: usize, n: usize) -> R {
    if n == 0 {
        return Ok(Value::EMPTY_TUPLE);
    }
    let t = heap.alloc(Kind::Tuple, n)?;
    super::array::copy(heap, from, at, t, 0, n);
    Ok(t)
}
