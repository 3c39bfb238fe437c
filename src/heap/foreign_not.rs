//! No program names addresses at this level: a foreign span has no bytes.

use super::Heap;
use super::span::Span;

impl Heap {
    pub(super) fn foreign(&self, _: Span) -> &[u8] {
        &[]
    }
    pub(super) fn foreign_mut(&mut self, _: Span) -> &mut [u8] {
        &mut []
    }
    pub(super) fn copy_foreign(&mut self, _: Span, _: Span) {}
}
