//! Searches in texts: in pieces where there is memory for long ones, and between pieces a native may give way.

use super::bytes;
use crate::heap::span::Span;
use crate::heap::{Heap, R};

/// What is looked for: bytes, or one by its value.
#[derive(Clone, Copy)]
pub enum Needle {
    Span(Span),
    Byte(u8),
}

/// Where there is little memory, texts are short.
#[cfg(not(feature = "extra"))]
pub fn find(heap: &mut Heap, hay: Span, needle: Needle, from_end: bool) -> R<Option<usize>> {
    Ok(in_piece(heap, hay, needle, from_end))
}

/// Bytes that are searched at once; as many as what is looked for has, where that is longer.
#[cfg(feature = "extra")]
const PIECE: usize = 4096;

/// First or last place of `needle` in `hay`.
#[cfg(feature = "extra")]
pub fn find(heap: &mut Heap, hay: Span, needle: Needle, from_end: bool) -> R<Option<usize>> {
    let n = hay.len();
    let m = match needle {
        Needle::Span(s) => s.len(),
        Needle::Byte(_) => 1,
    };
    let step = PIECE.max(m);
    let mut done = 0;
    loop {
        // Pieces overlap by what may begin in one and end in the next.
        let end = (done + step + m).min(n);
        let (from, to) = if from_end { (n - end, n - done) } else { (done, end) };
        if let Some(at) = in_piece(heap, hay.sub(from, to), needle, from_end) {
            return Ok(Some(from + at));
        }
        if end == n {
            return Ok(None);
        }
        done += step;
        heap.work(step)?;
    }
}

fn in_piece(heap: &Heap, hay: Span, needle: Needle, from_end: bool) -> Option<usize> {
    let hay = heap.span_bytes(hay);
    let byte;
    let wanted = match needle {
        Needle::Span(s) => heap.span_bytes(s),
        Needle::Byte(b) => {
            byte = [b];
            &byte[..]
        }
    };
    if from_end { bytes::rfind(hay, wanted) } else { bytes::find(hay, wanted) }
}
