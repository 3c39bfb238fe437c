//! Slices, and what an index or slice means for a sequence of a given length.

use super::{exc, int};
use crate::heap::{Heap, Kind, R, TypeId, Value};

pub mod field {
    pub const START: usize = 0;
    pub const STOP: usize = 1;
    pub const STEP: usize = 2;
    pub const COUNT: usize = 3;
}

pub fn new(heap: &mut Heap, start: Value, stop: Value, step: Value) -> R {
    let s = heap.alloc(Kind::Slice, field::COUNT)?;
    heap.set_field(s, field::START, start);
    heap.set_field(s, field::STOP, stop);
    heap.set_field(s, field::STEP, step);
    Ok(s)
}

/// A slice resolved against a length: `count` items from `start` on, `step` apart. `stop` is Python's resolved stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    pub count: usize,
}

impl Range {
    /// For steps of 1: the items from `.0` up to `.1`, where an empty range stands at its start.
    pub fn bounds(&self) -> (usize, usize) {
        let from = usize::try_from(self.start).unwrap_or(0);
        (from, from + self.count)
    }
}

/// An int or bool as `i64`; ints beyond it saturate, `None` for anything else.
fn saturated(heap: &Heap, v: Value) -> Option<i64> {
    match int::to_i64(heap, v) {
        Some(n) => Some(n),
        None if int::is(heap, v) => Some(if int::big(heap, v).negative { i64::MIN } else { i64::MAX }),
        None => None,
    }
}

/// Start, step and count of a slice of small ints, in the machine's own width; `None` for what takes the long way.
#[inline]
pub fn resolve_small(heap: &Heap, key: Value, len: usize) -> Option<(i32, i32, u32)> {
    // One way is enough where flash counts.
    if cfg!(feature = "tiny") {
        return None;
    }
    let (start, stop, step) =
        (heap.field(key, field::START), heap.field(key, field::STOP), heap.field(key, field::STEP));
    let (len, step) = (len as i32, if step.is_none() { 1 } else { step.as_small()? });
    // None of these sums leaves the width: small ints have 31 bits.
    let clip = |v: Value, low: i32, high: i32, default: i32| match v.as_small() {
        Some(n) if n < 0 => Some((n + len).max(low)),
        Some(n) => Some(n.min(high)),
        None if v.is_none() => Some(default),
        None => None,
    };
    let (start, span) = match step {
        0 => return None,
        1.. => {
            let start = clip(start, 0, len, 0)?;
            (start, clip(stop, 0, len, len)? - start)
        }
        _ => {
            let start = clip(start, -1, len - 1, len - 1)?;
            (start, start - clip(stop, -1, len - 1, -1)?)
        }
    };
    let span = span.max(0) as u32;
    Some((start, step, if step == 1 || step == -1 { span } else { span.div_ceil(step.unsigned_abs()) }))
}

/// Resolves the slice `key` for a sequence of `len` items.
pub fn resolve(heap: &mut Heap, key: Value, len: usize) -> R<Range> {
    match resolve_small(heap, key, len) {
        Some((start, 1, count)) if count > 0 => {
            let stop = start as i64 + count as i64;
            Ok(Range { start: start as i64, stop, step: 1, count: count as usize })
        }
        _ => resolve_long(heap, key, len as i64),
    }
}

/// The same for any ints and steps.
#[inline(never)]
pub fn resolve_long(heap: &mut Heap, key: Value, len: i64) -> R<Range> {
    let mut part = |i: usize| match heap.field(key, i) {
        v if v.is_none() => Ok(None),
        v => match saturated(heap, v) {
            Some(n) => Ok(Some(n)),
            None => Err(exc::raise(heap, TypeId::TypeError, "slice indices must be integers or None")),
        },
    };
    let (start, stop, step) = (part(field::START)?, part(field::STOP)?, part(field::STEP)?.unwrap_or(1));
    if step == 0 {
        return Err(exc::raise(heap, TypeId::ValueError, "slice step can't be zero"));
    }
    let step = step.max(-i64::MAX);
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clip = |n: i64| if n < 0 { n.saturating_add(len).max(low) } else { n.min(high) };
    let start = start.map_or(if step > 0 { low } else { high }, clip);
    let stop = stop.map_or(if step > 0 { high } else { low }, clip);
    let span = if step > 0 { stop - start } else { start - stop };
    let count = if span > 0 { (span - 1) / step.abs() + 1 } else { 0 };
    Ok(Range { start, stop, step, count: count as usize })
}

/// The int `key` as an index of a sequence of `len` items, negative ones from the end.
/// `what` goes into the messages: `"list"`, `"str"`, …
pub fn index(heap: &mut Heap, key: Value, len: usize, what: &str) -> R<usize> {
    let Some(n) = saturated(heap, key) else {
        let parts = [exc::Part::S(what), exc::Part::S(" indices must be integers")];
        return Err(exc::raise_parts(heap, TypeId::TypeError, &parts));
    };
    let at = if n < 0 { n.saturating_add(len as i64) } else { n };
    match usize::try_from(at) {
        Ok(i) if i < len => Ok(i),
        _ => {
            let parts = [exc::Part::S(what), exc::Part::S(" index out of range")];
            Err(exc::raise_parts(heap, TypeId::IndexError, &parts))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;

    #[test]
    fn resolves_as_python() {
        with_heap(|heap| {
            let n = |v: Option<i32>| v.map_or(Value::NONE, Value::small);
            for (start, stop, step, len, want) in [
                (None, None, None, 5, (0, 1, 5)),
                (None, None, Some(-1), 5, (4, -1, 5)),
                (Some(1), Some(-1), None, 5, (1, 1, 3)),
                (Some(-100), Some(100), Some(2), 5, (0, 2, 3)),
                (Some(10), None, Some(-2), 5, (4, -2, 3)),
                (Some(3), Some(1), None, 5, (3, 1, 0)),
                (Some(-1), Some(-100), Some(-3), 5, (4, -3, 2)),
                (None, None, None, 0, (0, 1, 0)),
                (None, None, Some(-1), 0, (-1, -1, 0)),
            ] {
                let s = new(heap, n(start), n(stop), n(step)).unwrap();
                let r = resolve(heap, s, len).unwrap();
                assert_eq!((r.start, r.step, r.count), want);
            }
            assert_eq!(index(heap, Value::small(-1), 3, "list"), Ok(2));
            assert!(index(heap, Value::small(3), 3, "list").is_err());
            assert!(index(heap, Value::NONE, 3, "list").is_err());
        });
    }
}
