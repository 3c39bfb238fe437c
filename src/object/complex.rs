//! Complex numbers: two floats in one cell.
#![cfg(any(feature = "float-single", feature = "float-double"))]

use super::float::{WORDS, load, store};
use crate::base::float::Float;
use crate::heap::{Heap, Kind, R, Value};

#[inline]
pub fn new(heap: &mut Heap, re: Float, im: Float) -> R {
    match heap.alloc_floats(Kind::Complex, [re, im]) {
        Some(v) => Ok(v),
        None => new_slow(heap, re, im),
    }
}

#[cold]
#[inline(never)]
fn new_slow(heap: &mut Heap, re: Float, im: Float) -> R {
    let v = heap.alloc(Kind::Complex, 2 * WORDS)?;
    store(heap, v, 0, re);
    store(heap, v, WORDS, im);
    Ok(v)
}

/// Real and imaginary part of a complex number.
pub fn parts(heap: &Heap, v: Value) -> (Float, Float) {
    (load(heap, v, 0), load(heap, v, WORDS))
}
