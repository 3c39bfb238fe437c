//! Searches in texts, which are short where there is little memory.

use super::bytes;
use crate::heap::span::Span;
use crate::heap::{Heap, R};

/// What is looked for: bytes, or one by its value.
#[derive(Clone, Copy)]
pub enum Needle {
    Span(Span),
    Byte(u8),
}

/// First or last place of `needle` in `hay`.
pub fn find(heap: &mut Heap, hay: Span, needle: Needle, from_end: bool) -> R<Option<usize>> {
    let hay = heap.span_bytes(hay);
    let byte;
    let wanted = match needle {
        Needle::Span(s) => heap.span_bytes(s),
        Needle::Byte(b) => {
            byte = [b];
            &byte[..]
        }
    };
    Ok(if from_end { bytes::rfind(hay, wanted) } else { bytes::find(hay, wanted) })
}
