//! All bytes of a text, in pieces between which a native may give way.

use crate::heap::span::Span;
use crate::heap::{Heap, R};

const PIECE: usize = 4096;

fn piece(s: Span, at: usize) -> Span {
    s.sub(at, s.len().min(at + PIECE))
}

/// Whether all are in a class.
pub fn all(heap: &mut Heap, s: Span, class: impl Fn(u8) -> bool) -> R<bool> {
    for at in (0..s.len()).step_by(PIECE) {
        if !heap.span_bytes(piece(s, at)).iter().all(|b| class(*b)) {
            return Ok(false);
        }
        heap.work(PIECE * 4)?;
    }
    Ok(true)
}

/// Replaces each, in an object that nobody knows yet.
pub fn map(heap: &mut Heap, s: Span, to: fn(u32) -> u32) -> R<()> {
    for at in (0..s.len()).step_by(PIECE) {
        for b in heap.span_bytes_mut(piece(s, at)) {
            *b = to(u32::from(*b)) as u8;
        }
        heap.work(PIECE * 8)?;
    }
    Ok(())
}
