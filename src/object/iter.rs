//! Iterators over built-in sequences and tables: one cell kind, told apart by a number.
//!
//! Invariants
//! - a cell has four words: what it iterates how, the container (`None` once it is finished), the cursor, an extra value;
//! - a finished iterator stays finished, whatever becomes of the container;
//! - the cursor moves only after everything else has succeeded.

use super::{dict, hashtable, int, list, range, text_iter, tuple};
use crate::heap::{Heap, Kind, R, Value};

pub const HOW: usize = 0;
pub const CONTAINER: usize = 1;
pub const CURSOR: usize = 2;
pub const EXTRA: usize = 3;

/// How the container is iterated.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum How {
    List,
    Tuple,
    /// Items of a list or tuple from the last to the first; the cursor is the number that is left.
    Reversed,
    Keys,
    Values,
    Items,
    /// Keys of a set.
    Set,
    /// Numbers of a range, by their position.
    Range,
    /// Numbers of a range whose start, stop and step are small ints: the cursor is the next number, the extra value the step.
    SmallRange,
    /// By `container[cursor]` until `IndexError`. (This and the next two are for the VM, see `is_plain`.)
    Subscript,
    /// By `container[cursor - 1]` downwards.
    SubscriptReversed,
    /// Calls the container until the result equals the extra value.
    Call,
    /// Bytes, characters or array items: see `text_iter`.
    Text = text_iter::SUB_KIND,
}

const ALL: [How; 12] = [
    How::List,
    How::Tuple,
    How::Reversed,
    How::Keys,
    How::Values,
    How::Items,
    How::Set,
    How::Range,
    How::SmallRange,
    How::Subscript,
    How::SubscriptReversed,
    How::Call,
];

pub fn new(heap: &mut Heap, how: How, container: Value, cursor: i32, extra: Value) -> R {
    let it = heap.alloc(Kind::Iterator, 4)?;
    heap.set_int(it, HOW, how as i32);
    heap.set_field(it, CONTAINER, container);
    heap.set_int(it, CURSOR, cursor);
    heap.set_field(it, EXTRA, extra);
    Ok(it)
}

/// Whether `next` knows all about it (no code of the program's runs).
#[inline]
pub fn is_plain(heap: &Heap, it: Value) -> bool {
    heap.int(it, HOW).wrapping_sub(How::Subscript as i32) as u32 > 2
}

pub fn how(heap: &Heap, it: Value) -> How {
    ALL.get(heap.int(it, HOW) as usize).copied().unwrap_or(How::Text)
}

/// Lets go of the container: from now on there are no more items.
pub fn finish(heap: &mut Heap, it: Value) {
    heap.set_field(it, CONTAINER, Value::NONE);
    heap.set_int(it, CURSOR, 0);
}

/// The item of `c` at a cursor that begins at 0, and the next cursor.
pub fn step(heap: &mut Heap, how: How, c: Value, at: usize) -> R<Option<(Value, usize)>> {
    Ok(match how {
        How::List => list::get(heap, c, at).map(|v| (v, at + 1)),
        How::Tuple => tuple::get(heap, c, at).map(|v| (v, at + 1)),
        How::Reversed => {
            let at = at.checked_sub(1);
            at.and_then(
                |i| if heap.is(c, Kind::List) { list::get(heap, c, i) } else { tuple::get(heap, c, i) },
            )
            .zip(at)
        }
        How::Text => text_iter::item(heap, c, at)?,
        How::Keys | How::Set => match hashtable::next(heap, c, at) {
            Some(e) => hashtable::key(heap, c, e).map(|k| (k, e + 1)),
            None => None,
        },
        How::Values => dict::next(heap, c, at).map(|(at, _, v)| (v, at)),
        How::Items => match dict::next(heap, c, at) {
            Some((at, k, v)) => Some((tuple::from_slice(heap, &[k, v])?, at)),
            None => None,
        },
        How::Range | How::SmallRange | How::Subscript | How::SubscriptReversed | How::Call => None,
    })
}

/// The next item, `STOP` at the end, `NOT_IMPLEMENTED` where only the VM can tell.
pub fn next(heap: &mut Heap, it: Value) -> R {
    let c = heap.field(it, CONTAINER);
    if c.is_none() {
        return Ok(Value::STOP);
    }
    let how = match how(heap, it) {
        How::Range => {
            let i = int::to_i64(heap, heap.field(it, CURSOR)).unwrap_or(0);
            let r = range::get(heap, c);
            if i as u64 >= r.count() {
                finish(heap, it);
                return Ok(Value::STOP);
            }
            let item = int::from_i64(heap, r.get(i as u64))?;
            let cursor = int::from_i64(heap, i + 1)?;
            heap.set_field(it, CURSOR, cursor);
            return Ok(item);
        }
        How::SmallRange => {
            let (cursor, stop, step) = (heap.int(it, CURSOR), heap.int(c, 1), heap.int(it, EXTRA));
            if if step > 0 { cursor < stop } else { cursor > stop } {
                // A next number that is no small int lies beyond the stop, which is one.
                match Value::try_small(cursor as i64 + step as i64) {
                    Some(next) => heap.set_word(it, CURSOR, next.bits()),
                    None => finish(heap, it),
                }
                return Ok(Value::small(cursor));
            }
            finish(heap, it);
            return Ok(Value::STOP);
        }
        How::Subscript | How::SubscriptReversed | How::Call => return Ok(Value::NOT_IMPLEMENTED),
        how => how,
    };
    let at = heap.int(it, CURSOR) as usize;
    match step(heap, how, c, at)? {
        Some((v, at)) => {
            heap.set_int(it, CURSOR, at as i32);
            Ok(v)
        }
        None => {
            finish(heap, it);
            Ok(Value::STOP)
        }
    }
}
