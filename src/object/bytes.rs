//! Text and bytes as data: making `Str` and `Bytes` cells from spans, searching and comparing byte runs.
//!
//! Invariants
//! - a text of no or one character is the built-in name where there is one, so such strings cost no memory;
//! - a `Str` cell is sealed (hash and ASCII flag in its header word) before anyone else sees it.

use crate::base::utf8;
use crate::heap::lent::Lent;
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

/// A raw cell: much memory is as it was, for its owner to fill.
pub fn memory(heap: &mut Heap, words: usize) -> R {
    if cfg!(feature = "tiny") || words < 256 { heap.alloc(Kind::Raw, words) } else { heap.alloc_raw(words) }
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
        let (hash, ascii) = (names::hash(text), utf8::is_ascii(text));
        set_seal(heap, v, hash, ascii);
    }
    v
}

/// The same where the hash is known, and whether all is ASCII.
pub fn set_seal(heap: &mut Heap, v: Value, hash: u32, ascii: bool) {
    let flags = if ascii { ASCII_FLAG } else { 0 };
    let word = hash << 8 | flags | heap.word(v, 0) & 7;
    heap.set_word(v, 0, word);
}

/// Cuts a blank cell to `len` bytes.
pub fn cut(heap: &mut Heap, v: Value, len: usize) {
    heap.resize(v, 1 + len.div_ceil(4));
    set_len(heap, v, len);
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

/// A `Str` or `Bytes` of `len` bytes, kept, made of pieces between which others may come in: `write` fills a piece and is told
/// where in the whole it begins.
pub fn in_pieces(
    heap: &mut Lent,
    kind: Kind,
    len: usize,
    piece: usize,
    write: impl Fn(&mut Heap, Span, usize),
) -> R {
    let v = blank(heap, kind, len)?;
    heap.keep(v)?;
    let whole = cell(heap, v);
    let (mut hash, mut ascii) = (names::HASH_OF_NOTHING, true);
    for at in (0..len).step_by(piece) {
        let part = whole.sub(at, at.saturating_add(piece));
        write(heap, part, at);
        if kind == Kind::Str {
            let text = heap.span_bytes(part);
            hash = names::hash_on(hash, text);
            ascii = ascii && utf8::is_ascii(text);
        }
        heap.worked(part.len() as u32 * 8);
    }
    if kind == Kind::Str {
        set_seal(heap, v, names::hash_end(hash), ascii);
    }
    Ok(v)
}

/// Fills `to` with the parts one after another.
pub fn copy_all(heap: &mut Heap, to: Span, parts: &[Span]) {
    let mut at = 0;
    for p in parts {
        heap.copy_span(to.sub(at, at + p.len()), *p);
        at += p.len();
    }
}

/// Length of `n` copies of `len` bytes or items, as far as an object can hold it.
#[cfg_attr(feature = "tiny", inline(never))]
pub fn repeated_len(heap: &mut Heap, len: usize, n: i64, most: usize) -> R<usize> {
    let n = usize::try_from(n.max(0)).unwrap_or(usize::MAX);
    match len.checked_mul(n) {
        Some(total) if total <= most => Ok(total),
        _ => Err(heap.out_of_memory()),
    }
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

/// Lexical order of two runs of bytes; of UTF-8 it is the order of the characters.
pub fn compare(heap: &Heap, a: Span, b: Span) -> Ordering {
    heap.span_bytes(a).cmp(heap.span_bytes(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;

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
            let joined = concat(heap, Kind::Str, &[abc, Span::EMPTY, abc.sub(1, 9)]).unwrap();
            assert_eq!(heap.str_bytes(joined), b"abcbc");
        });
    }
}
