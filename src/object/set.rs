//! Sets and frozen sets: hash tables of keys alone.

use super::hashtable as table;
use crate::heap::{Heap, Kind, R, Value};

pub fn new(heap: &mut Heap) -> R {
    table::new(heap, Kind::Set)
}

#[inline]
pub fn len(heap: &Heap, s: Value) -> usize {
    table::len(heap, s)
}

/// The first key from `cursor` (first 0) on, with the next cursor.
pub fn next(heap: &Heap, s: Value, cursor: usize) -> Option<(usize, Value)> {
    let e = table::next(heap, s, cursor)?;
    Some((e + 1, table::key(heap, s, e)?))
}

/// A copy of the given kind (`Set` or `FrozenSet`).
pub fn copy(heap: &mut Heap, s: Value, kind: Kind) -> R {
    let c = table::new(heap, kind)?;
    table::copy_into(heap, s, c)?;
    Ok(c)
}
