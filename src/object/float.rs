//! Floats: one boxed number of the build's width.
#![cfg(any(feature = "float-single", feature = "float-double"))]

use crate::base::float::Float;
use crate::heap::{Heap, Kind, R, Value};

/// Payload words of a float.
pub const WORDS: usize = size_of::<Float>() / 4;

#[inline]
pub fn new(heap: &mut Heap, x: Float) -> R {
    match heap.alloc_float(x) {
        Some(v) => Ok(v),
        None => new_slow(heap, x),
    }
}

#[cold]
#[inline(never)]
fn new_slow(heap: &mut Heap, x: Float) -> R {
    let v = heap.alloc(Kind::Float, WORDS)?;
    store(heap, v, 0, x);
    Ok(v)
}

/// The float that `v` is, if it is one (ints do not count).
#[inline]
pub fn get(heap: &Heap, v: Value) -> Option<Float> {
    if heap.is(v, Kind::Float) { Some(load(heap, v, 0)) } else { None }
}

#[cfg(feature = "float-double")]
pub(super) fn load(heap: &Heap, v: Value, at: usize) -> Float {
    Float::from_bits(heap.word(v, at) as u64 | (heap.word(v, at + 1) as u64) << 32)
}
#[cfg(feature = "float-double")]
pub(super) fn store(heap: &mut Heap, v: Value, at: usize, x: Float) {
    heap.set_word(v, at, x.to_bits() as u32);
    heap.set_word(v, at + 1, (x.to_bits() >> 32) as u32);
}
#[cfg(not(feature = "float-double"))]
pub(super) fn load(heap: &Heap, v: Value, at: usize) -> Float {
    Float::from_bits(heap.word(v, at))
}
#[cfg(not(feature = "float-double"))]
pub(super) fn store(heap: &mut Heap, v: Value, at: usize, x: Float) {
    heap.set_word(v, at, x.to_bits());
}
