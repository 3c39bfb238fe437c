//! Objects of text or bytes of any kind: `Str`, `Bytes`, `ByteArray`.

use super::{bytearray, bytes};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R};

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
