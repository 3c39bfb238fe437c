//! Dicts: hash tables whose entries have values.

use super::hashtable::{self as table, Find};
use crate::heap::{Heap, Kind, R, Value};

pub fn new(heap: &mut Heap) -> R {
    table::new(heap, Kind::Dict)
}

/// A dict of any type.
#[inline]
pub fn is(heap: &Heap, v: Value) -> bool {
    matches!(heap.kind(v), Kind::Dict | Kind::OrderedDict | Kind::FixedDict)
}

/// A dict that takes `n` entries without growing.
pub fn with_capacity(heap: &mut Heap, n: usize) -> R {
    let d = new(heap)?;
    table::reserve(heap, d, n)?;
    Ok(d)
}

#[inline]
pub fn len(heap: &Heap, d: Value) -> usize {
    table::len(heap, d)
}

#[inline]
pub fn find(heap: &Heap, d: Value, key: Value) -> Find {
    table::find(heap, d, key)
}

/// The entry of a name.
#[inline]
pub fn find_name(heap: &Heap, d: Value, name: Value) -> Option<usize> {
    table::find_name(heap, d, name)
}

/// The value under a name.
pub fn get_name(heap: &Heap, d: Value, name: Value) -> Option<Value> {
    table::value(heap, d, table::find_name(heap, d, name)?)
}

/// The value under a key that the heap can compare (`None` also where it cannot).
pub fn get(heap: &Heap, d: Value, key: Value) -> Option<Value> {
    match table::find(heap, d, key) {
        Find::Found(e) => table::value(heap, d, e),
        _ => None,
    }
}

pub fn set_name(heap: &mut Heap, d: Value, name: Value, v: Value) -> R<()> {
    match table::find_name(heap, d, name) {
        Some(e) => {
            table::set_value(heap, d, e, v);
            Ok(())
        }
        None => table::insert(heap, d, name, None, Some(v)),
    }
}

/// Deletes a name; says whether it was there.
pub fn del_name(heap: &mut Heap, d: Value, name: Value) -> bool {
    match table::find_name(heap, d, name) {
        Some(e) => {
            table::remove(heap, d, e);
            true
        }
        None => false,
    }
}

/// The first entry from `cursor` (first 0) on: the next cursor, key and value.
pub fn next(heap: &Heap, d: Value, cursor: usize) -> Option<(usize, Value, Value)> {
    let e = table::next(heap, d, cursor)?;
    Some((e + 1, table::key(heap, d, e)?, table::value(heap, d, e)?))
}

/// From now on the VM's caches hear of keys that come and go.
pub fn watch(heap: &mut Heap, d: Value) {
    table::watch(heap, d);
}

/// From now on nothing can be stored in the dict or taken from it.
pub fn fix(heap: &mut Heap, d: Value) {
    heap.set_kind(d, Kind::FixedDict);
}

/// A copy that shares nothing but the keys and values.
pub fn copy(heap: &mut Heap, d: Value) -> R {
    let kind = match heap.kind(d) {
        Kind::FixedDict => Kind::Dict,
        kind => kind,
    };
    let c = table::new(heap, kind)?;
    table::copy_into(heap, d, c)?;
    Ok(c)
}
