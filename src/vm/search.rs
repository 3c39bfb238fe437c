//! Searches in long texts: in pieces between which others have the VM, and in time that is linear whatever they hold.
//!
//! Invariant: as in `bulk`, the owners of the spans are reachable.

use super::api::Vm;
use super::bulk::{PIECE, equal};
use crate::heap::R;
use crate::heap::span::Span;

/// What is looked for: bytes, or one by its value.
#[derive(Clone, Copy)]
pub enum Needle {
    Span(Span),
    Byte(u8),
}

/// Places of a search that are looked at without a tick.
const PLACES: usize = 1024;

/// First or last place of `needle` in `hay`.
pub fn find(vm: &mut Vm, hay: Span, needle: Needle, from_end: bool) -> R<Option<usize>> {
    let heap = vm.heap();
    let (wanted, first, last) = match needle {
        Needle::Byte(b) => (None, b, b),
        Needle::Span(s) => match heap.span_bytes(s) {
            [] => return Ok(Some(if from_end { hay.len() } else { 0 })),
            [b] => (None, *b, *b),
            [first, .., last] => (Some(s), *first, *last),
        },
    };
    let m = wanted.map_or(1, |s| s.len());
    let Some(places) = (hay.len() + 1).checked_sub(m) else { return Ok(None) };
    // What may be compared in vain before the search takes the way that is slower as a rule and linear at worst.
    let (mut at, mut patience) = (0, hay.len() / 2 + 256);
    while at < places {
        let end = places.min(at + PLACES);
        let (from, to) = if from_end { (places - end, places - at) } else { (at, end) };
        let text = vm.heap().span_bytes(hay);
        let (heads, tails) = (text.get(from..to), text.get(from + m - 1..to + m - 1));
        let mut both = heads.unwrap_or(&[]).iter().zip(tails.unwrap_or(&[]));
        let hit = |(a, b): (&u8, &u8)| *a == first && *b == last;
        let found = if from_end { both.rposition(hit) } else { both.position(hit) };
        let Some(place) = found.map(|n| from + n) else {
            at = end;
            if at < places {
                vm.tick(4000)?;
            }
            continue;
        };
        let Some(wanted) = wanted.filter(|s| s.len() > 2) else { return Ok(Some(place)) };
        if equal(vm, hay.sub(place, place + m), wanted)? {
            return Ok(Some(place));
        }
        at = if from_end { places - place } else { place + 1 };
        let Some(left) = patience.checked_sub(m) else { return rolling(vm, hay, wanted, from_end, at) };
        patience = left;
        vm.tick(30 + m.min(PIECE) as u32)?;
    }
    Ok(None)
}

/// Searches by a hash that rolls over the text, from a place on, so that the time does not grow with the product of the lengths.
fn rolling(vm: &mut Vm, hay: Span, needle: Span, from_end: bool, from: usize) -> R<Option<usize>> {
    const BASE: u32 = 0x0100_0193;
    let (n, m) = (hay.len(), needle.len());
    let byte = |of: &[u8], i: usize| {
        let i = if from_end { of.len().wrapping_sub(i + 1) } else { i };
        u32::from(of.get(i).copied().unwrap_or(0))
    };
    const STEP: usize = PLACES / 4;
    let (mut wanted, mut here, mut oldest) = (0u32, 0u32, 1u32);
    let mut i = 0;
    while i < m {
        let (text, sought) = (vm.heap().span_bytes(hay), vm.heap().span_bytes(needle));
        for k in i..m.min(i + STEP) {
            wanted = wanted.wrapping_mul(BASE).wrapping_add(byte(sought, k));
            here = here.wrapping_mul(BASE).wrapping_add(byte(text, from + k));
            oldest = if k > 0 { oldest.wrapping_mul(BASE) } else { 1 };
        }
        i += STEP;
        vm.tick(6000)?;
    }
    let mut i = from;
    while i + m <= n {
        let text = vm.heap().span_bytes(hay);
        let end = (n - m + 1).min(i + STEP);
        let mut hit = None;
        while i < end && hit.is_none() {
            hit = (here == wanted).then_some(i);
            here = here.wrapping_sub(oldest.wrapping_mul(byte(text, i)));
            here = here.wrapping_mul(BASE).wrapping_add(byte(text, i + m));
            i += 1;
        }
        let place = hit.map(|i| if from_end { n - m - i } else { i });
        if let Some(place) = place
            && equal(vm, hay.sub(place, place + m), needle)?
        {
            return Ok(Some(place));
        }
        vm.tick(6000)?;
    }
    Ok(None)
}
