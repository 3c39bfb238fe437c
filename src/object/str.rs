//! Strings: UTF-8 with character semantics. A string value is a built-in name or a `Str` cell.
//!
//! Invariants
//! - the text is well-formed UTF-8 (surrogates allowed); the ASCII flag makes indexing of most strings immediate;
//! - equal strings have equal hashes, whichever form they have.

use super::bytes::{self, ASCII_FLAG};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Table, Value, names};

/// A string with this text, which does not lie in the heap and is UTF-8.
pub fn new(heap: &mut Heap, text: &[u8]) -> R {
    bytes::new(heap, Kind::Str, text)
}

pub fn from_span(heap: &mut Heap, s: Span) -> R {
    bytes::from_span(heap, Kind::Str, s)
}

#[inline]
pub fn is_str(heap: &Heap, v: Value) -> bool {
    if v.is_heap() { heap.is(v, Kind::Str) } else { v.index_in(Table::Name).is_some() }
}

pub fn span(heap: &Heap, v: Value) -> Option<Span> {
    if is_str(heap, v) { heap.str_span(v) } else { None }
}

/// Every byte is a character; built-in names are ASCII.
pub fn is_ascii(heap: &Heap, v: Value) -> bool {
    !heap.is(v, Kind::Str) || heap.word(v, 0) & ASCII_FLAG != 0
}

pub fn hash(heap: &Heap, v: Value) -> u32 {
    match v.index_in(Table::Name) {
        Some(i) => names::hash_of(i),
        None if heap.is(v, Kind::Str) => heap.word(v, 0) >> 8,
        None => 0,
    }
}

pub fn char_len(heap: &Heap, v: Value) -> usize {
    match heap.str_span(v) {
        Some(s) if is_ascii(heap, v) => s.len(),
        _ => utf8::count(heap.str_bytes(v)),
    }
}

/// Byte offset of character `index`; the length for the one after the last, `None` beyond.
pub fn offset_of(heap: &Heap, v: Value, index: usize) -> Option<usize> {
    match heap.str_span(v) {
        Some(s) if is_ascii(heap, v) => (index <= s.len()).then_some(index),
        _ => utf8::offset_of(heap.str_bytes(v), index),
    }
}

/// Character index of a byte offset.
pub fn index_of(heap: &Heap, v: Value, offset: usize) -> usize {
    if is_ascii(heap, v) { offset } else { utf8::index_of(heap.str_bytes(v), offset) }
}

/// A string of one character; `None` above U+10FFFF.
pub fn from_char(heap: &mut Heap, ch: u32) -> Option<R> {
    let (text, n) = utf8::encode(ch)?;
    Some(new(heap, text.get(..n)?))
}

/// The character at byte `offset` and the offset of the next one; `None` at the end.
pub fn next_char(heap: &mut Heap, v: Value, offset: usize) -> R<Option<(Value, usize)>> {
    let rest = heap.str_bytes(v).get(offset..).unwrap_or(&[]);
    if let Some(c) = rest.first().and_then(|b| names::of_char(*b)) {
        return Ok(Some((c, offset + 1)));
    }
    let Some((_, n)) = utf8::decode(rest) else { return Ok(None) };
    let Some(s) = heap.str_span(v) else { return Ok(None) };
    let c = from_span(heap, s.sub(offset, offset + n))?;
    Ok(Some((c, offset + n)))
}

/// Character `index` (not negative); `None` beyond the end.
pub fn char_at(heap: &mut Heap, v: Value, index: usize) -> R<Option<Value>> {
    match offset_of(heap, v, index) {
        Some(at) => Ok(next_char(heap, v, at)?.map(|(c, _)| c)),
        None => Ok(None),
    }
}

/// `v[start:stop:step]` with indices that are already resolved: `start` in the string, `count` characters.
pub fn slice(heap: &mut Heap, v: Value, start: i64, step: i64, count: usize) -> R {
    let Some(s) = heap.str_span(v) else { return new(heap, &[]) };
    if count == 0 {
        return new(heap, &[]);
    }
    let first = usize::try_from(start).unwrap_or(0);
    if step == 1 {
        let from = offset_of(heap, v, first).unwrap_or(0);
        let rest = heap.span_bytes(s.sub(from, s.len()));
        let n = if is_ascii(heap, v) { count } else { utf8::offset_of(rest, count).unwrap_or(rest.len()) };
        return from_span(heap, s.sub(from, from + n));
    }
    if is_ascii(heap, v) {
        let made = bytes::blank(heap, Kind::Str, count)?;
        let whole = bytes::cell(heap, made);
        bytes::copy_strided(heap, whole, s, start, step, count, 1);
        return Ok(bytes::seal(heap, made));
    }
    // Two walks over the characters: their lengths, then the copies. A walk goes backwards where the step does.
    let mut len = 0;
    walk(heap, s, first, step, count, |_, _, n| len += n);
    let made = bytes::blank(heap, Kind::Str, len)?;
    let whole = bytes::cell(heap, made);
    let mut to = 0;
    walk(heap, s, first, step, count, |heap, at, n| {
        heap.copy_span(whole.sub(to, to + n), s.sub(at, at + n));
        to += n;
    });
    Ok(bytes::seal(heap, made))
}

/// Calls `f(heap, offset, length)` for `count` characters from number `first` on, `step` apart.
fn walk(
    heap: &mut Heap,
    s: Span,
    first: usize,
    step: i64,
    count: usize,
    mut f: impl FnMut(&mut Heap, usize, usize),
) {
    let mut at = utf8::offset_of(heap.span_bytes(s), first).unwrap_or(s.len());
    for i in 0..count {
        if i > 0 {
            let text = heap.span_bytes(s);
            let hop = step.unsigned_abs() as usize;
            at = if step > 0 {
                let rest = text.get(at..).unwrap_or(&[]);
                at + utf8::offset_of(rest, hop).unwrap_or(rest.len())
            } else {
                let mut back = text.get(..at).unwrap_or(&[]);
                for _ in 0..hop {
                    let n = utf8::decode_last(back).map_or(0, |(_, n)| n);
                    back = back.get(..back.len() - n).unwrap_or(&[]);
                }
                back.len()
            };
        }
        let n = utf8::decode(heap.span_bytes(s).get(at..).unwrap_or(&[])).map_or(0, |(_, n)| n);
        f(heap, at, n);
    }
}

/// Whether two strings have the same text.
pub fn equal(heap: &Heap, a: Value, b: Value) -> bool {
    if a == b {
        return true;
    }
    if !a.is_heap() && !b.is_heap() || hash(heap, a) != hash(heap, b) {
        return false;
    }
    heap.str_bytes(a) == heap.str_bytes(b)
}

/// `a + b`, one of them itself where the other is empty.
pub fn add(heap: &mut Heap, a: Value, b: Value) -> R {
    match (heap.str_span(a), heap.str_span(b)) {
        (Some(x), Some(y)) if !x.is_empty() && !y.is_empty() => bytes::concat(heap, Kind::Str, &[x, y]),
        (Some(x), _) if x.is_empty() => Ok(b),
        _ => Ok(a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;
    use std::string::String;
    use std::vec::Vec;

    #[test]
    fn characters() {
        with_heap(|heap| {
            let text = "aé€😀z";
            let s = new(heap, text.as_bytes()).unwrap();
            assert_eq!(char_len(heap, s), 5);
            for (i, c) in text.chars().enumerate() {
                let got = char_at(heap, s, i).unwrap().unwrap();
                assert_eq!(heap.str_bytes(got), String::from(c).as_bytes());
            }
            assert!(char_at(heap, s, 5).unwrap().is_none());
            let mut at = 0;
            let mut n = 0;
            while let Some((_, next)) = next_char(heap, s, at).unwrap() {
                at = next;
                n += 1;
            }
            assert_eq!((at, n), (text.len(), 5));
        });
    }

    #[test]
    fn slices() {
        with_heap(|heap| {
            for text in ["abcdefg", "aé€😀zéx"] {
                let s = new(heap, text.as_bytes()).unwrap();
                let all: Vec<char> = text.chars().collect();
                for start in 0..7i64 {
                    for step in [-3i64, -2, -1, 1, 2, 3] {
                        let mut want = String::new();
                        let mut at = start;
                        let mut count = 0;
                        while (0..7).contains(&at) {
                            want.push(all[at as usize]);
                            at += step;
                            count += 1;
                        }
                        let got = slice(heap, s, start, step, count).unwrap();
                        assert_eq!(heap.str_bytes(got), want.as_bytes(), "{text} {start} {step}");
                        assert_eq!(hash(heap, got), crate::heap::names::hash(want.as_bytes()));
                    }
                }
            }
        });
    }

    #[test]
    fn names_and_cells_are_equal() {
        with_heap(|heap| {
            let cell = heap.new_str_cell(Kind::Str, b"append", names::hash(b"append")).unwrap();
            assert!(equal(heap, cell, crate::q!("append")));
            assert!(!equal(heap, cell, crate::q!("extend")));
            assert_eq!(hash(heap, cell), hash(heap, crate::q!("append")));
        });
    }
}
