//! Ranges of ints that fit 64 bits.

use super::int;
use crate::heap::{Heap, Kind, R, Value};

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub start: i64,
    pub stop: i64,
    /// Not 0.
    pub step: i64,
}

impl Range {
    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        let (from, to) = if self.step > 0 { (self.start, self.stop) } else { (self.stop, self.start) };
        if from >= to { 0 } else { (to.wrapping_sub(from) as u64 - 1) / self.step.unsigned_abs().max(1) + 1 }
    }
    /// Number `i`, which is below `count`.
    pub fn get(&self, i: u64) -> i64 {
        self.start.wrapping_add((i as i64).wrapping_mul(self.step))
    }
    /// The same numbers from the last to the first.
    pub fn reversed(&self) -> Range {
        match self.count() {
            0 => Range { start: 0, stop: 0, step: 1 },
            n => Range {
                start: self.get(n - 1),
                stop: self.start.saturating_sub(self.step),
                step: self.step.saturating_neg(),
            },
        }
    }
    /// Whether `n` is one of the numbers.
    pub fn index_of(&self, n: i64) -> Option<u64> {
        let inside =
            if self.step > 0 { self.start <= n && n < self.stop } else { self.stop < n && n <= self.start };
        if !inside {
            return None;
        }
        let distance =
            if self.step > 0 { n.wrapping_sub(self.start) } else { self.start.wrapping_sub(n) } as u64;
        let step = self.step.unsigned_abs().max(1);
        if distance.is_multiple_of(step) { Some(distance / step) } else { None }
    }
}

pub fn new(heap: &mut Heap, r: Range) -> R {
    let parts = [int::from_i64(heap, r.start)?, int::from_i64(heap, r.stop)?, int::from_i64(heap, r.step)?];
    let v = heap.alloc(Kind::Range, 3)?;
    for (i, p) in parts.into_iter().enumerate() {
        heap.set_field(v, i, p);
    }
    Ok(v)
}

pub fn get(heap: &Heap, v: Value) -> Range {
    let part = |i| int::to_i64(heap, heap.field(v, i)).unwrap_or(0);
    let step = part(2);
    Range { start: part(0), stop: part(1), step: if step == 0 { 1 } else { step } }
}
