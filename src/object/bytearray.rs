//! Byte arrays: a length and a `Raw` cell with room to grow.
//!
//! Invariants
//! - the length never exceeds the raw cell's bytes; without a raw cell it is 0;
//! - while C holds the bytes (`pin`) the length does not change, so the raw cell stays;
//! - a raw cell that was outgrown is left to the collector, not freed by hand: a view or a driver may still look at it.

use super::bytes;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};

mod field {
    pub const LEN: usize = 0;
    pub const ITEMS: usize = 1;
    /// How often C holds the bytes (small).
    pub const PINS: usize = 2;
    pub const COUNT: usize = 3;
}

pub fn new(heap: &mut Heap) -> R {
    with_len(heap, 0)
}

/// `n` zero bytes.
pub fn with_len(heap: &mut Heap, n: usize) -> R {
    if n > bytes::MAX_LEN {
        return Err(heap.out_of_memory());
    }
    let items = if n > 0 { Some(heap.alloc(Kind::Raw, n.div_ceil(4))?) } else { None };
    let v = heap.alloc(Kind::ByteArray, field::COUNT)?;
    heap.set_int(v, field::LEN, n as i32);
    heap.set_slot(v, field::ITEMS, items);
    heap.set_int(v, field::PINS, 0);
    Ok(v)
}

/// C holds the bytes once more, or (`by` -1) once less.
#[cfg(feature = "natives")]
pub fn pin(heap: &mut Heap, v: Value, by: i32) {
    let pins = heap.int(v, field::PINS).saturating_add(by).max(0);
    heap.set_int(v, field::PINS, pins);
}

/// `BufferError` while C holds the bytes: the length may not change.
pub fn check_unpinned(heap: &mut Heap, v: Value) -> R<()> {
    if cfg!(feature = "natives") && heap.int(v, field::PINS) > 0 {
        return Err(super::exc::raise(heap, TypeId::BufferError, PINNED));
    }
    Ok(())
}

/// What `BufferError` says.
pub(super) const PINNED: &str = "Existing exports of data: object cannot be re-sized";

/// A byte array with the bytes of all parts.
pub fn from_spans(heap: &mut Heap, parts: &[Span]) -> R {
    let v = with_len(heap, parts.iter().map(Span::len).sum())?;
    let whole = span(heap, v);
    bytes::copy_all(heap, whole, parts);
    Ok(v)
}

pub fn len(heap: &Heap, v: Value) -> usize {
    heap.int(v, field::LEN).max(0) as usize
}

/// Byte `i`.
#[inline]
pub fn get(heap: &Heap, v: Value, i: usize) -> Option<u8> {
    let raw = heap.slot(v, field::ITEMS)?;
    if i < len(heap, v) { Some(heap.byte(raw, 0, i)) } else { None }
}

/// Overwrites byte `i`; false where there is none.
#[inline]
pub fn set(heap: &mut Heap, v: Value, i: usize, b: u8) -> bool {
    match heap.slot(v, field::ITEMS) {
        Some(raw) if i < len(heap, v) => {
            heap.set_byte(raw, 0, i, b);
            true
        }
        _ => false,
    }
}

pub fn span(heap: &Heap, v: Value) -> Span {
    match heap.slot(v, field::ITEMS) {
        Some(raw) => heap.cell_span(raw, 0, len(heap, v)),
        None => Span::EMPTY,
    }
}

/// The bytes of a string, bytes object or byte array.
pub fn bytes_span(heap: &Heap, v: Value) -> Option<Span> {
    if heap.is(v, Kind::ByteArray) { Some(span(heap, v)) } else { heap.str_span(v) }
}

fn capacity(heap: &Heap, v: Value) -> usize {
    heap.slot(v, field::ITEMS).map_or(0, |raw| heap.words(raw) * 4)
}

/// Makes room for `more` bytes behind the present ones.
pub fn reserve(heap: &mut Heap, v: Value, more: usize) -> R<()> {
    if let Some(raw) = begin_move(heap, v, more)? {
        let (old, new) = (span(heap, v), heap.cell_span(raw, 0, len(heap, v)));
        heap.copy_span(new, old);
        end_move(heap, v, raw);
    }
    Ok(())
}
/// Other memory, with room for `more` bytes behind the present ones, which are to be copied there; `None` where the present one
/// has it.
#[cfg_attr(feature = "tiny", inline(always))]
pub fn begin_move(heap: &mut Heap, v: Value, more: usize) -> R<Option<Value>> {
    if more > 0 {
        check_unpinned(heap, v)?;
    }
    let need = len(heap, v) + more;
    if need <= capacity(heap, v) {
        return Ok(None);
    }
    if need > bytes::MAX_LEN {
        return Err(heap.out_of_memory());
    }
    let want = (need + need / 4 + 12).div_ceil(4);
    if let Some(raw) = heap.slot(v, field::ITEMS)
        && (heap.resize(raw, want) || heap.resize(raw, need.div_ceil(4)))
    {
        return Ok(None);
    }
    match bytes::memory(heap, want) {
        Ok(raw) => Ok(Some(raw)),
        Err(Raised) => bytes::memory(heap, need.div_ceil(4)).map(Some),
    }
}
/// The bytes lie in that memory from now on.
#[inline(always)]
pub fn end_move(heap: &mut Heap, v: Value, raw: Value) {
    heap.set_field(v, field::ITEMS, raw);
}

/// Sets the length within the room there is; what comes in addition is whatever lies there.
fn set_len(heap: &mut Heap, v: Value, n: usize) {
    heap.set_int(v, field::LEN, n.min(capacity(heap, v)) as i32);
}

pub fn push(heap: &mut Heap, v: Value, byte: u8) -> R<()> {
    extend(heap, v, &[byte])
}

/// Appends bytes that do not lie in the heap.
pub fn extend(heap: &mut Heap, v: Value, more: &[u8]) -> R<()> {
    reserve(heap, v, more.len())?;
    if let Some(gap) = open(heap, v, more.len()) {
        heap.write_span(gap, more);
    }
    Ok(())
}

/// Appends the same byte again and again.
#[cfg(not(feature = "tiny"))]
pub fn extend_by(heap: &mut Heap, v: Value, byte: u8, count: usize) -> R<()> {
    reserve(heap, v, count)?;
    if let Some(gap) = open(heap, v, count) {
        heap.span_bytes_mut(gap).fill(byte);
    }
    Ok(())
}

/// Makes the array `n` bytes longer, for which there is room: the place of the new bytes.
fn open(heap: &mut Heap, v: Value, n: usize) -> Option<Span> {
    let raw = heap.slot(v, field::ITEMS)?;
    let at = len(heap, v);
    heap.set_int(v, field::LEN, (at + n) as i32);
    Some(Span { owner: raw, from_word: 0, offset: at as u32, len: n as u32 })
}

/// Appends bytes that lie in the heap, its own included.
pub fn extend_span(heap: &mut Heap, v: Value, s: Span) -> R<()> {
    let own = heap.slot(v, field::ITEMS) == Some(s.owner);
    reserve(heap, v, s.len())?;
    let s = match heap.slot(v, field::ITEMS) {
        Some(raw) if own => Span { owner: raw, ..s },
        _ => s,
    };
    if let Some(gap) = open(heap, v, s.len()) {
        heap.copy_span(gap, s);
    }
    Ok(())
}

/// Replaces the bytes from `start` to `stop` (clipped) by `s`, which may lie in the array itself.
pub fn splice(heap: &mut Heap, v: Value, start: usize, stop: usize, s: Span) -> R<()> {
    let n = len(heap, v);
    let stop = stop.min(n);
    let start = start.min(stop);
    let own = heap.slot(v, field::ITEMS) == Some(s.owner);
    let s = if own && !s.is_empty() && (start != n || stop != n) {
        // A part of itself moves while it is copied: copy it out first.
        let out = bytes::concat(heap, Kind::Bytes, &[s])?;
        bytes::cell(heap, out)
    } else {
        s
    };
    let end = n - (stop - start) + s.len();
    if end != n {
        check_unpinned(heap, v)?;
    }
    reserve(heap, v, end.saturating_sub(n))?;
    let s = match heap.slot(v, field::ITEMS) {
        Some(raw) if own && start == n => Span { owner: raw, ..s },
        _ => s,
    };
    set_len(heap, v, end.max(n));
    let all = span(heap, v);
    heap.copy_span(all.sub(start + s.len(), end), all.sub(stop, n));
    heap.copy_span(all.sub(start, start + s.len()), s);
    set_len(heap, v, end);
    Ok(())
}

/// Takes bytes `first`, `first + step` and so on out, `n` in all.
#[cfg(not(feature = "tiny"))]
pub fn take_out(heap: &mut Heap, v: Value, first: usize, step: usize, n: usize) -> R<()> {
    check_unpinned(heap, v)?;
    let all = span(heap, v);
    let bytes = heap.span_bytes_mut(all);
    let (mut to, mut next, mut left) = (first, first, n);
    for from in first..bytes.len() {
        if from == next && left > 0 {
            (next, left) = (next.saturating_add(step), left - 1);
            continue;
        }
        let b = bytes.get(from).copied().unwrap_or(0);
        if let Some(place) = bytes.get_mut(to) {
            *place = b;
        }
        to += 1;
    }
    truncate(heap, v, to);
    Ok(())
}

/// Gives an array the bytes of one that nobody else knows, which is empty afterwards.
pub fn adopt(heap: &mut Heap, v: Value, from: Value) -> R<()> {
    check_unpinned(heap, v)?;
    let (raw, n) = (heap.slot(from, field::ITEMS), len(heap, from));
    heap.set_int(from, field::LEN, 0);
    heap.set_slot(from, field::ITEMS, None);
    heap.set_slot(v, field::ITEMS, raw);
    heap.set_int(v, field::LEN, n as i32);
    Ok(())
}

/// Forgets the bytes from `n` on; the memory stays.
pub fn truncate(heap: &mut Heap, v: Value, n: usize) {
    let n = n.min(len(heap, v));
    set_len(heap, v, n);
}

/// Cuts to `n` bytes, or fills up with zeros.
pub fn resize(heap: &mut Heap, v: Value, n: usize) -> R<()> {
    let have = len(heap, v);
    reserve(heap, v, n.saturating_sub(have))?;
    set_len(heap, v, n);
    let tail = span(heap, v).sub(have, n);
    heap.clear_span(tail);
    Ok(())
}

/// The string with the array's text; the array is empty afterwards where its memory became the string.
pub fn into_str(heap: &mut Heap, v: Value) -> R {
    let n = len(heap, v);
    if n > 8
        && let Some(raw) = begin_str(heap, v)
    {
        heap.copy_words(raw, 1, raw, 0, n.div_ceil(4));
        end_str(heap, raw, n);
        return Ok(bytes::seal(heap, raw));
    }
    let text = span(heap, v);
    bytes::from_span(heap, Kind::Str, text)
}

/// Takes the raw cell out of an array if it can become the string with its text: then every word moves up by one.
pub fn begin_str(heap: &mut Heap, v: Value) -> Option<Value> {
    let n = len(heap, v);
    let raw = heap.slot(v, field::ITEMS)?;
    if !reserve_exact_head(heap, raw, n) {
        return None;
    }
    heap.set_slot(v, field::ITEMS, None);
    heap.set_int(v, field::LEN, 0);
    Some(raw)
}
/// What was moved becomes a string of `n` bytes, to be sealed.
pub fn end_str(heap: &mut Heap, raw: Value, n: usize) {
    heap.set_kind(raw, Kind::Str);
    bytes::set_len(heap, raw, n);
}
/// Moves words up by one.
#[cfg(not(feature = "tiny"))]
pub fn shift_word(heap: &mut Heap, raw: Value, from: usize, to: usize) {
    heap.copy_words(raw, from + 1, raw, from, to - from);
}

/// Makes the raw cell exactly as long as a `Str` of `n` bytes is.
fn reserve_exact_head(heap: &mut Heap, raw: Value, n: usize) -> bool {
    let words = 1 + n.div_ceil(4);
    heap.resize(raw, words) && heap.words(raw) <= words | 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;
    use std::vec::Vec;

    fn text(heap: &Heap, v: Value) -> Vec<u8> {
        heap.span_bytes(span(heap, v)).to_vec()
    }

    #[test]
    fn splices_like_a_vector() {
        with_heap(|heap| {
            let mut seed = 1u32;
            let mut random = move |n: usize| {
                seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
                (seed >> 16) as usize % n.max(1)
            };
            for _ in 0..40 {
                let v = new(heap).unwrap();
                let mut model: Vec<u8> = Vec::new();
                for i in 0..12u8 {
                    let n = model.len();
                    let a = random(n + 1);
                    let b = a + random(n + 1 - a);
                    if i % 3 == 2 {
                        let (c, d) = (a, b);
                        let from = span(heap, v).sub(c, d);
                        let part = model[c..d].to_vec();
                        let at = random(n + 1);
                        splice(heap, v, at, at, from).unwrap();
                        model.splice(at..at, part);
                    } else {
                        let new: Vec<u8> = (0..random(9)).map(|k| i * 16 + k as u8).collect();
                        let part = bytes::new(heap, Kind::Bytes, &new).unwrap();
                        let part = bytes::cell(heap, part);
                        splice(heap, v, a, b, part).unwrap();
                        model.splice(a..b, new);
                    }
                    assert_eq!(text(heap, v), model);
                }
            }
        });
    }

    #[test]
    fn grows_and_becomes_a_string() {
        with_heap(|heap| {
            let v = new(heap).unwrap();
            for i in 0..100 {
                push(heap, v, b'0' + i % 10).unwrap();
            }
            let own = span(heap, v).sub(10, 20);
            extend_span(heap, v, own).unwrap();
            assert_eq!(len(heap, v), 110);
            resize(heap, v, 112).unwrap();
            assert_eq!(text(heap, v).get(108..), Some(&b"89\0\0"[..]));
            resize(heap, v, 15).unwrap();
            let s = into_str(heap, v).unwrap();
            assert_eq!(heap.str_bytes(s), b"012345678901234");
        });
    }
}
