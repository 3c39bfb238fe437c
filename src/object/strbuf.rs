//! `StrBuf`: text or bytes built piece by piece in the heap, then turned into an object without copying.
//!
//! Invariants
//! - the first word of the growing cell is left free for the header word of the `Str` or `Bytes` that it becomes;
//! - it lives only while nothing collects: natives that run Python build in a `ByteArray` in a slot.

use super::{bytearray, bytes};
use crate::base::sink::{Full, Put, Sink};
use crate::heap::span::Span;
use crate::heap::{ByteVec, Heap, Kind, R, Raised};

/// Bytes before the text.
const HEAD: usize = 4;

pub struct StrBuf<'h> {
    pub heap: &'h mut Heap,
    vec: ByteVec,
    failed: bool,
}

impl<'h> StrBuf<'h> {
    pub fn new(heap: &'h mut Heap) -> StrBuf<'h> {
        StrBuf { heap, vec: ByteVec::new(), failed: false }
    }
    pub fn len(&self) -> usize {
        self.vec.len().saturating_sub(HEAD)
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Room for `n` more bytes behind what is there.
    fn gap(&mut self, n: usize) -> Result<Span, Full> {
        let at = self.vec.len().max(HEAD);
        let more = at + n - self.vec.len();
        if at + n > bytes::MAX_LEN || self.failed {
            self.failed = true;
            self.heap.out_of_memory();
            return Err(Full);
        }
        let end = self.vec.len();
        match (self.vec.insert_gap(self.heap, end, more), self.vec.cell()) {
            (Ok(()), Some(cell)) => Ok(self.heap.cell_span(cell, 0, at + n).sub(at, at + n)),
            _ => {
                self.failed = true;
                Err(Full)
            }
        }
    }
    /// Appends bytes that lie in the heap.
    pub fn put_span(&mut self, s: Span) -> Put {
        let to = self.gap(s.len())?;
        self.heap.copy_span(to, s);
        Ok(())
    }
    pub fn put_char(&mut self, ch: u32) -> Put {
        match crate::base::utf8::encode(ch) {
            Some((text, n)) => self.write(text.get(..n).unwrap_or(&[])),
            None => self.put(b'?'),
        }
    }
    /// What was written so far.
    pub fn bytes(&self) -> &[u8] {
        self.vec.as_slice(self.heap).get(HEAD..).unwrap_or(&[])
    }
    /// The object: `Str`, `Bytes` or `ByteArray`.
    pub fn finish(mut self, kind: Kind) -> R {
        if self.failed {
            self.vec.free(self.heap);
            return Err(Raised);
        }
        let len = self.len();
        let Some(cell) = self.vec.cell() else { return make(self.heap, kind, Span::EMPTY) };
        let text = self.heap.cell_span(cell, 1, len);
        if kind == Kind::Str && len > 1 || kind == Kind::Bytes && len > 0 {
            let Some(cell) = self.vec.take_cell(self.heap) else { return Err(Raised) };
            let words = 1 + len.div_ceil(4);
            if self.heap.words(cell) <= words | 1 {
                self.heap.set_kind(cell, kind);
                bytes::set_len(self.heap, cell, len);
                return Ok(bytes::seal(self.heap, cell));
            }
            let made = bytes::concat(self.heap, kind, &[text])?;
            self.heap.free(cell);
            return Ok(made);
        }
        let made = make(self.heap, kind, text)?;
        self.vec.free(self.heap);
        Ok(made)
    }
}

impl Sink for StrBuf<'_> {
    fn write(&mut self, bytes: &[u8]) -> Put {
        let to = self.gap(bytes.len())?;
        self.heap.write_span(to, bytes);
        Ok(())
    }
}

/// A `Str`, `Bytes` or `ByteArray` with the span's bytes.
pub fn make(heap: &mut Heap, kind: Kind, s: Span) -> R {
    match kind {
        Kind::ByteArray => bytearray::from_spans(heap, &[s]),
        _ => bytes::from_span(heap, kind, s),
    }
}

/// A `Str`, `Bytes` or `ByteArray` with the bytes of all spans.
pub fn concat(heap: &mut Heap, kind: Kind, parts: &[Span]) -> R {
    match kind {
        Kind::ByteArray => bytearray::from_spans(heap, parts),
        _ => bytes::concat(heap, kind, parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;

    #[test]
    fn builds_every_length() {
        with_heap(|heap| {
            for n in 0..40usize {
                for kind in [Kind::Str, Kind::Bytes, Kind::ByteArray] {
                    let mut b = StrBuf::new(heap);
                    for i in 0..n {
                        b.put(b'a' + i as u8 % 26).unwrap();
                    }
                    assert_eq!(b.len(), n);
                    let v = b.finish(kind).unwrap();
                    let s = bytearray::bytes_span(heap, v).unwrap();
                    let got = heap.span_bytes(s);
                    assert_eq!(got.len(), n);
                    assert!(got.iter().enumerate().all(|(i, c)| *c == b'a' + i as u8 % 26));
                }
            }
        });
    }
}
