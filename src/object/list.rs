//! Lists: a length and an array.
//!
//! Invariants
//! - words of the array from the length on are empty;
//! - every function allocates before it changes the list.

use super::array;
use crate::heap::{Heap, Kind, R, Value};

pub const LEN: usize = 0;
pub const ITEMS: usize = 1;

pub fn new(heap: &mut Heap) -> R {
    let l = heap.alloc(Kind::List, 2)?;
    heap.set_int(l, LEN, 0);
    Ok(l)
}

/// A list with room for `n` items.
pub fn with_capacity(heap: &mut Heap, n: usize) -> R {
    let a = if n > 0 { Some(heap.alloc(Kind::Array, n)?) } else { None };
    let l = new(heap)?;
    heap.set_slot(l, ITEMS, a);
    Ok(l)
}

/// A list of these values.
pub fn from_slots(heap: &mut Heap, items: &[Value]) -> R {
    let l = with_capacity(heap, items.len())?;
    if let Some(a) = heap.slot(l, ITEMS) {
        for (i, v) in items.iter().enumerate() {
            heap.set_field(a, i, *v);
        }
    }
    heap.set_int(l, LEN, items.len() as i32);
    Ok(l)
}

/// A list of `n` items copied from reference words `at..` of a tuple or array.
pub fn from_words(heap: &mut Heap, from: Value, at: usize, n: usize) -> R {
    let l = with_capacity(heap, n)?;
    if let Some(a) = heap.slot(l, ITEMS) {
        array::copy(heap, from, at, a, 0, n);
    }
    heap.set_int(l, LEN, n as i32);
    Ok(l)
}

#[inline]
pub fn len(heap: &Heap, l: Value) -> usize {
    heap.int(l, LEN) as usize
}

#[inline]
pub fn get(heap: &Heap, l: Value, i: usize) -> Option<Value> {
    if i < len(heap, l) { heap.slot(heap.slot(l, ITEMS)?, i) } else { None }
}

/// Overwrites item `i`, if there is one.
pub fn set(heap: &mut Heap, l: Value, i: usize, v: Value) {
    if i < len(heap, l)
        && let Some(a) = heap.slot(l, ITEMS)
    {
        heap.set_field(a, i, v);
    }
}

pub fn append(heap: &mut Heap, l: Value, v: Value) -> R<()> {
    let n = heap.int(l, LEN) as usize;
    if let Some(a) = heap.slot(l, ITEMS)
        && n < heap.words(a)
    {
        heap.set_field(a, n, v);
        heap.set_int(l, LEN, n as i32 + 1);
        return Ok(());
    }
    array::reserve(heap, l, ITEMS, n, n + 1)?;
    if let Some(a) = heap.slot(l, ITEMS) {
        heap.set_field(a, n, v);
        heap.set_int(l, LEN, n as i32 + 1);
    }
    Ok(())
}

/// Puts `v` before item `i` (at the end if there are fewer).
pub fn insert(heap: &mut Heap, l: Value, i: usize, v: Value) -> R<()> {
    let n = len(heap, l);
    let i = i.min(n);
    array::open(heap, l, ITEMS, n, i, 1)?;
    if let Some(a) = heap.slot(l, ITEMS) {
        heap.set_field(a, i, v);
        heap.set_int(l, LEN, n as i32 + 1);
    }
    Ok(())
}

/// Takes item `i` out.
pub fn remove(heap: &mut Heap, l: Value, i: usize) -> Option<Value> {
    let n = len(heap, l);
    if i + 1 == n
        && let Some(a) = heap.slot(l, ITEMS)
    {
        let v = heap.slot(a, i);
        heap.set_slot(a, i, None);
        heap.set_int(l, LEN, i as i32);
        array::trim(heap, l, ITEMS, i);
        return v;
    }
    let v = get(heap, l, i)?;
    splice_out(heap, l, i, (i + 1).min(n));
    Some(v)
}

/// Takes items `from..to` out.
pub fn splice_out(heap: &mut Heap, l: Value, from: usize, to: usize) {
    let n = len(heap, l);
    let to = to.min(n);
    if from >= to {
        return;
    }
    if let Some(a) = heap.slot(l, ITEMS) {
        array::copy(heap, a, to, a, from, n - to);
        let left = n - (to - from);
        array::clear(heap, a, left, n);
        heap.set_int(l, LEN, left as i32);
        array::trim(heap, l, ITEMS, left);
    }
}

/// Replaces items `from..to` by `n` words of `source` (a tuple or an array that is not the list's own) from its start.
pub fn splice(heap: &mut Heap, l: Value, from: usize, to: usize, source: Value, n: usize) -> R<()> {
    let old = len(heap, l);
    let to = to.min(old);
    let from = from.min(to);
    let left = old - (to - from) + n;
    if left == old {
        if let Some(a) = heap.slot(l, ITEMS) {
            array::copy(heap, source, 0, a, from, n);
        }
        return Ok(());
    }
    if left > old {
        array::open(heap, l, ITEMS, old, to, left - old)?;
    }
    if let Some(a) = heap.slot(l, ITEMS) {
        if left < old {
            array::copy(heap, a, to, a, from + n, old - to);
        }
        array::copy(heap, source, 0, a, from, n);
        array::clear(heap, a, left, old);
        heap.set_int(l, LEN, left as i32);
    }
    Ok(())
}

/// Appends `n` reference words of `source` from `at` on; `source` may be this list's own array.
pub fn extend_words(heap: &mut Heap, l: Value, source: Option<Value>, at: usize, n: usize) -> R<()> {
    let old = len(heap, l);
    let own = source.is_some() && source == heap.slot(l, ITEMS);
    array::reserve(heap, l, ITEMS, old, old + n)?;
    let Some(a) = heap.slot(l, ITEMS) else { return Ok(()) };
    if let Some(s) = if own { Some(a) } else { source } {
        if n > 0 {
            // Nothing is overwritten.
            heap.copy_words(a, old, s, at, n);
        }
        heap.set_int(l, LEN, (old + n) as i32);
    }
    Ok(())
}

/// Appends what a list holds again and again until there are `total` items.
pub fn fill_up(heap: &mut Heap, l: Value, total: usize) -> R<()> {
    let mut n = len(heap, l);
    array::reserve(heap, l, ITEMS, n, total)?;
    while n > 0 && n < total {
        let items = heap.slot(l, ITEMS);
        extend_words(heap, l, items, 0, n.min(total - n))?;
        n = len(heap, l);
    }
    Ok(())
}

/// Appends, to a list with room for them, words `at`, `at + step` and so on of a cell, `n` in all, as far as they are below
/// `have`.
pub fn append_every(
    heap: &mut Heap,
    l: Value,
    cell: Value,
    have: usize,
    mut at: isize,
    step: isize,
    n: usize,
) {
    let mut len = len(heap, l);
    let Some(a) = heap.slot(l, ITEMS) else { return };
    for _ in 0..n.min(heap.words(a) - len) {
        if (at as usize) < have {
            let v = heap.slot(cell, at as usize);
            heap.set_slot(a, len, v);
            len += 1;
        }
        at = at.wrapping_add(step);
    }
    heap.set_int(l, LEN, len as i32);
}

/// Swaps items with those as far from the end, from item `from` on, at most `n` pairs; gives where to go on.
pub fn reverse_some(heap: &mut Heap, l: Value, from: usize, n: usize) -> usize {
    let last = len(heap, l);
    let end = (last / 2).min(from.saturating_add(n));
    if let Some(items) = heap.slot(l, ITEMS) {
        for i in from..end {
            let (x, y) = (heap.slot(items, i), heap.slot(items, last - 1 - i));
            heap.set_slot(items, i, y);
            heap.set_slot(items, last - 1 - i, x);
        }
    }
    end
}

/// Turns the items round in one pass.
#[cfg(not(feature = "tiny"))]
pub fn reverse(heap: &mut Heap, l: Value) {
    if let (n, Some(items)) = (len(heap, l), heap.slot(l, ITEMS)) {
        heap.slots_mut(items, 0, n).reverse();
    }
}

/// Overwrites items `start`, `start + step` and so on by words `at..at + n` of another cell, as far as both are there.
#[cfg(not(feature = "tiny"))]
pub fn set_every(heap: &mut Heap, l: Value, start: i64, step: i64, from: Value, at: usize, n: usize) {
    let (have, Some(items)) = (len(heap, l), heap.slot(l, ITEMS)) else { return };
    let mut to = start;
    for at in (at..at + n).step_by(32) {
        let mut part = [None; 32];
        let words = heap.slots(from, at, 32);
        part.iter_mut().zip(words).for_each(|(to, v)| *to = *v);
        let items = heap.slots_mut(items, 0, have);
        for v in part.iter().flatten() {
            if let Some(place) = usize::try_from(to).ok().and_then(|i| items.get_mut(i)) {
                *place = Some(*v);
            }
            to = to.saturating_add(step);
        }
    }
}

/// Takes items `low`, `low + step` and so on out, `n` in all, in one pass over those behind.
#[cfg(not(feature = "tiny"))]
pub fn take_out_at_once(heap: &mut Heap, l: Value, low: usize, step: usize, n: usize) {
    let (have, Some(items)) = (len(heap, l), heap.slot(l, ITEMS)) else { return };
    let items = heap.slots_mut(items, 0, have);
    let (mut to, mut next, mut left) = (low, low, n);
    for from in low..have {
        if from == next && left > 0 {
            (next, left) = (next.saturating_add(step), left - 1);
            continue;
        }
        let v = items.get(from).copied().flatten();
        if let Some(place) = items.get_mut(to) {
            *place = v;
        }
        to += 1;
    }
    splice_out(heap, l, to, have);
}

/// Takes items `low`, `low + step` and so on out, `n` in all, as far as they are there.
pub fn take_out(heap: &mut Heap, l: Value, low: usize, step: usize, n: usize) {
    let (have, Some(a)) = (len(heap, l), heap.slot(l, ITEMS)) else { return };
    let n = n.min(have.saturating_sub(low).div_ceil(step.max(1)));
    let mut to = low;
    for i in 1..n {
        let run = low + (i - 1) * step + 1;
        array::copy(heap, a, run, a, to, step - 1);
        to += step - 1;
    }
    splice_out(heap, l, to, to + n);
}

/// The items as a tuple in the list's own memory, where that can be cut to size; the list is empty then.
#[cfg(not(feature = "tiny"))]
pub fn become_tuple(heap: &mut Heap, l: Value) -> Option<Value> {
    let (n, a) = (len(heap, l), heap.slot(l, ITEMS));
    let t = match a {
        Some(a) if n > 0 => {
            if heap.words(a) | 1 != n | 1 && !heap.resize(a, n) {
                return None;
            }
            heap.set_kind(a, Kind::Tuple);
            a
        }
        _ => Value::EMPTY_TUPLE,
    };
    clear(heap, l);
    Some(t)
}

pub fn clear(heap: &mut Heap, l: Value) {
    heap.set_int(l, LEN, 0);
    heap.set_slot(l, ITEMS, None);
}

/// The items `from..to` as a view that ends at the next change.
pub fn slots(heap: &Heap, l: Value) -> &[Option<Value>] {
    match heap.slot(l, ITEMS) {
        Some(a) => heap.slots(a, 0, len(heap, l)),
        None => &[],
    }
}
