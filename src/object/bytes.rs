//! Text and bytes as data: making `Str` and `Bytes` cells from spans, searching and comparing byte runs.
//!
//! Invariants
//! - a text of no or one character is the built-in name where there is one, so such strings cost no memory;
//! - a `Str` cell is sealed (hash and ASCII flag in its header word) before anyone else sees it.

use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Value, names};
use crate::q;
use core::cmp::Ordering;

/// Longest object in bytes: lengths stay small ints.
pub const MAX_LEN: usize = (1 << 30) - 64;

/// Bit of a `Str` cell's header word: every byte is ASCII.
pub const ASCII_FLAG: u32 = 1 << 4;

/// A `Str` or `Bytes` cell of `len` zero bytes, to be filled and then sealed.
pub fn blank(heap: &mut Heap, kind: Kind, len: usize) -> R {
    if len > MAX_LEN {
        return Err(heap.out_of_memory());
    }
    let v = heap.alloc(kind, 1 + len.div_ceil(4))?;
    set_len(heap, v, len);
    Ok(v)
}

/// Writes the length into the header word of a cell that has room for it.
pub fn set_len(heap: &mut Heap, v: Value, len: usize) {
    let slack = ((heap.words(v) - 1) * 4).saturating_sub(len) as u32;
    heap.set_word(v, 0, slack & 7);
}

/// Completes a filled cell: hash and flags of a `Str`.
pub fn seal(heap: &mut Heap, v: Value) -> Value {
    if heap.is(v, Kind::Str) {
        let text = heap.str_bytes(v);
        let flags = if utf8::is_ascii(text) { ASCII_FLAG } else { 0 };
        let word = names::hash(text) << 8 | flags | heap.word(v, 0) & 7;
        heap.set_word(v, 0, word);
    }
    v
}

/// The bytes of a whole filled cell.
pub fn cell(heap: &Heap, v: Value) -> Span {
    heap.cell_span(v, 1, heap.str_bytes(v).len())
}

/// A new object with the bytes of `text`, which does not lie in the heap.
pub fn new(heap: &mut Heap, kind: Kind, text: &[u8]) -> R {
    if kind == Kind::Str
        && let Some(v) = short(text)
    {
        return Ok(v);
    }
    let v = blank(heap, kind, text.len())?;
    let whole = cell(heap, v);
    heap.write_span(whole, text);
    Ok(seal(heap, v))
}

/// The built-in name that a text of at most one character is.
fn short(text: &[u8]) -> Option<Value> {
    match text {
        [] => Some(q!("")),
        [b] => names::of_char(*b),
        _ => None,
    }
}

/// The object with exactly the span's bytes: its owner itself where that is one of `kind`, else a new cell.
pub fn from_span(heap: &mut Heap, kind: Kind, s: Span) -> R {
    let same = if s.owner.is_heap() { heap.is(s.owner, kind) } else { kind == Kind::Str };
    if same && s.offset == 0 && heap.str_span(s.owner).is_some_and(|all| all.len == s.len) {
        return Ok(s.owner);
    }
    concat(heap, kind, &[s])
}

/// One object out of several runs of bytes.
pub fn concat(heap: &mut Heap, kind: Kind, parts: &[Span]) -> R {
    let len = parts.iter().map(Span::len).sum();
    if kind == Kind::Str && len <= 1 {
        let found = match parts.iter().find(|p| !p.is_empty()) {
            Some(p) => short(heap.span_bytes(*p)),
            None => short(&[]),
        };
        if let Some(v) = found {
            return Ok(v);
        }
    }
    let v = blank(heap, kind, len)?;
    let whole = cell(heap, v);
    copy_all(heap, whole, parts);
    Ok(seal(heap, v))
}

/// Fills `to` with the parts one after another.
pub fn copy_all(heap: &mut Heap, to: Span, parts: &[Span]) {
    let mut at = 0;
    for p in parts {
        heap.copy_span(to.sub(at, at + p.len()), *p);
        at += p.len();
    }
}

/// Length of `n` copies of `len` bytes, as far as an object can hold it.
pub fn repeated_len(heap: &mut Heap, len: usize, n: i64) -> R<usize> {
    let n = usize::try_from(n.max(0)).unwrap_or(usize::MAX);
    match len.checked_mul(n) {
        Some(total) if total <= MAX_LEN => Ok(total),
        _ => Err(heap.out_of_memory()),
    }
}

pub fn repeat(heap: &mut Heap, kind: Kind, s: Span, n: i64) -> R {
    let total = repeated_len(heap, s.len(), n)?;
    if total == s.len() {
        return from_span(heap, kind, s);
    }
    if total == 0 {
        return new(heap, kind, &[]);
    }
    let v = blank(heap, kind, total)?;
    let whole = cell(heap, v);
    fill(heap, whole, s);
    Ok(seal(heap, v))
}

/// Repeats `s` over all of `to`, doubling what is there.
pub fn fill(heap: &mut Heap, to: Span, s: Span) {
    heap.copy_span(to, s);
    let mut done = s.len();
    while done < to.len() && done > 0 {
        heap.copy_span(to.sub(done, to.len()), to.sub(0, done));
        done *= 2;
    }
}

/// Every `step`-th unit of `size` bytes from unit `start`, `count` of them, into `to`.
pub fn copy_strided(heap: &mut Heap, to: Span, from: Span, start: i64, step: i64, count: usize, size: usize) {
    let mut at = start;
    for i in 0..count {
        let a = usize::try_from(at).unwrap_or(0) * size;
        heap.copy_span(to.sub(i * size, (i + 1) * size), from.sub(a, a + size));
        at += step;
    }
}

/// First place of `needle` in `hay`.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let Some((&first, rest)) = needle.split_first() else { return Some(0) };
    let last = hay.len().checked_sub(needle.len())?;
    let (mut at, mut patience) = (0, PATIENCE);
    while at <= last {
        at += hay.get(at..=last)?.iter().position(|b| *b == first)?;
        if hay.get(at + 1..at + needle.len()) == Some(rest) {
            return Some(at);
        }
        at += 1;
        patience -= 1;
        if patience == 0 {
            return rolling(hay.get(at..)?, needle, false).map(|n| at + n);
        }
    }
    None
}

/// Last place of `needle` in `hay`.
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let Some((&first, rest)) = needle.split_first() else { return Some(hay.len()) };
    let mut end = hay.len().checked_sub(needle.len())? + 1;
    let mut patience = PATIENCE;
    loop {
        let at = hay.get(..end)?.iter().rposition(|b| *b == first)?;
        if hay.get(at + 1..at + needle.len()) == Some(rest) {
            return Some(at);
        }
        end = at;
        patience -= 1;
        if patience == 0 {
            return rolling(hay.get(..(end + needle.len()).checked_sub(1)?)?, needle, true);
        }
    }
}

/// Places with the right first byte that are compared in full before the search takes the way that is slower as a rule
/// and linear at worst.
const PATIENCE: u32 = 64;

/// Searches by a hash that rolls over the text, so that the time does not grow with the product of the lengths.
fn rolling(hay: &[u8], needle: &[u8], from_end: bool) -> Option<usize> {
    const BASE: u32 = 0x0100_0193;
    let m = needle.len();
    let last = hay.len().checked_sub(m)?;
    let byte = |of: &[u8], i: usize| {
        let i = if from_end { of.len().wrapping_sub(i + 1) } else { i };
        u32::from(of.get(i).copied().unwrap_or(0))
    };
    let hash = |of: &[u8]| (0..m).fold(0u32, |h, i| h.wrapping_mul(BASE).wrapping_add(byte(of, i)));
    let wanted = hash(needle);
    let mut here = (0..m).fold(0u32, |h, i| h.wrapping_mul(BASE).wrapping_add(byte(hay, i)));
    let oldest = (1..m).fold(1u32, |p, _| p.wrapping_mul(BASE));
    for i in 0..=last {
        let at = if from_end { last - i } else { i };
        if here == wanted && hay.get(at..at + m) == Some(needle) {
            return Some(at);
        }
        here = here.wrapping_sub(oldest.wrapping_mul(byte(hay, i)));
        here = here.wrapping_mul(BASE).wrapping_add(byte(hay, i + m));
    }
    None
}

/// How often `needle` (not empty) occurs without overlap.
pub fn count(hay: &[u8], needle: &[u8]) -> usize {
    let mut n = 0;
    let mut rest = hay;
    while let Some(at) = find(rest, needle) {
        n += 1;
        rest = rest.get(at + needle.len().max(1)..).unwrap_or(&[]);
    }
    n
}

/// Lexical order of two runs of bytes; of UTF-8 it is the order of the characters.
pub fn compare(heap: &Heap, a: Span, b: Span) -> Ordering {
    heap.span_bytes(a).cmp(heap.span_bytes(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;

    #[test]
    fn searching() {
        assert_eq!(find(b"hello", b"l"), Some(2));
        assert_eq!(find(b"hello", b"lo"), Some(3));
        assert_eq!(find(b"aaab", b"aab"), Some(1));
        assert_eq!(find(b"", b""), Some(0));
        assert_eq!(find(b"", b"x"), None);
        assert_eq!(find(b"ab", b"abc"), None);
        assert_eq!(rfind(b"hello", b"l"), Some(3));
        assert_eq!(rfind(b"abab", b"ab"), Some(2));
        assert_eq!(rfind(b"baaa", b"baa"), Some(0));
        assert_eq!(rfind(b"abc", b""), Some(3));
        assert_eq!(rfind(b"abc", b"d"), None);
        assert_eq!(count(b"aaaa", b"aa"), 2);
        assert_eq!(count(b"abc", b"z"), 0);
    }

    #[test]
    fn searching_repetitive_text() {
        let hay = [b"a".repeat(300), b"b".to_vec(), b"a".repeat(300)].concat();
        for needle in
            [b"a".repeat(299), [b"a".repeat(80), b"b".to_vec()].concat(), b"ba".to_vec(), b"aab".to_vec()]
        {
            let all: std::vec::Vec<usize> =
                (0..=hay.len() - needle.len()).filter(|i| hay[*i..].starts_with(&needle)).collect();
            assert_eq!(find(&hay, &needle), all.first().copied());
            assert_eq!(rfind(&hay, &needle), all.last().copied());
            assert_eq!(rolling(&hay, &needle, false), all.first().copied());
            assert_eq!(rolling(&hay, &needle, true), all.last().copied());
        }
        let absent = [b"a".repeat(301), b"b".to_vec()].concat();
        assert_eq!((find(&hay, &absent), rfind(&hay, &absent)), (None, None));
        assert_eq!(find(&b"a".repeat(200_000), &[b"a".repeat(99_999), b"c".to_vec()].concat()), None);
    }

    #[test]
    fn making() {
        with_heap(|heap| {
            let s = new(heap, Kind::Str, "héllo wörld".as_bytes()).unwrap();
            assert_eq!(heap.str_bytes(s), "héllo wörld".as_bytes());
            assert_eq!(heap.word(s, 0) & ASCII_FLAG, 0);
            assert_eq!(heap.word(s, 0) >> 8, names::hash("héllo wörld".as_bytes()));
            let whole = heap.str_span(s).unwrap();
            assert!(from_span(heap, Kind::Str, whole) == Ok(s));
            let b = from_span(heap, Kind::Bytes, whole).unwrap();
            assert_eq!(heap.str_bytes(b), heap.str_bytes(s));
            let abc = new(heap, Kind::Bytes, b"abc").unwrap();
            let abc = heap.str_span(abc).unwrap();
            for n in 0..9 {
                let r = repeat(heap, Kind::Bytes, abc, n).unwrap();
                assert_eq!(heap.str_bytes(r), b"abc".repeat(n as usize));
            }
            assert!(repeat(heap, Kind::Bytes, abc, 1 << 40).is_err() && heap.is_out_of_memory());
            let joined = concat(heap, Kind::Str, &[abc, Span::EMPTY, abc.sub(1, 9)]).unwrap();
            assert_eq!(heap.str_bytes(joined), b"abcbc");
        });
    }
}
