//! All bytes of a text, which is short where there is little memory.

use crate::heap::span::Span;
use crate::heap::{Heap, R};

/// Whether all are in a class.
#[inline(always)]
pub fn all(heap: &mut Heap, s: Span, class: impl Fn(u8) -> bool) -> R<bool> {
    Ok(heap.span_bytes(s).iter().all(|b| class(*b)))
}

/// Replaces each.
#[inline(always)]
pub fn map(heap: &mut Heap, s: Span, to: fn(u32) -> u32) -> R<()> {
    for b in heap.span_bytes_mut(s) {
        *b = to(u32::from(*b)) as u8;
    }
    Ok(())
}
