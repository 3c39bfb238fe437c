//! Searches in texts that are short, because there is little memory.

use super::api::Vm;
use crate::heap::R;
use crate::heap::span::Span;

/// What is looked for: bytes, or one by its value.
#[derive(Clone, Copy)]
pub enum Needle {
    Span(Span),
    Byte(u8),
}

/// First or last place of `needle` in `hay`.
pub fn find(vm: &mut Vm, hay: Span, needle: Needle, from_end: bool) -> R<Option<usize>> {
    let heap = vm.heap();
    let (hay, byte) = (heap.span_bytes(hay), &mut [0]);
    let wanted = match needle {
        Needle::Span(s) => heap.span_bytes(s),
        Needle::Byte(b) => {
            *byte = [b];
            &byte[..]
        }
    };
    let Some(last) = hay.len().checked_sub(wanted.len()) else { return Ok(None) };
    let at = |n: usize| if from_end { last - n } else { n };
    let hit = |n: &usize| hay.get(at(*n)..).is_some_and(|rest| rest.starts_with(wanted));
    Ok((0..=last).find(hit).map(at))
}
