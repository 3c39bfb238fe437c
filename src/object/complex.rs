//! Complex numbers: two floats in one cell.
#![cfg(any(feature = "float-single", feature = "float-double"))]

use super::float::{WORDS, load, store};
use crate::base::float::Float;
use crate::heap::{Heap, Kind, R, Value};

pub fn new(heap: &mut Heap, re: Float, im: Float) -> R {
    let v = heap.alloc(Kind::Complex, 2 * WORDS)?;
    store(heap, v, 0, re);
    store(heap, v, WORDS, im);
    Ok(v)
}

/// Real and imaginary part of a complex number.
pub fn parts(heap: &Heap, v: Value) -> (Float, Float) {
    (load(heap, v, 0), load(heap, v, WORDS))
}
