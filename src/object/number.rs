//! What numbers of different types share: hash, equality and order, all exact.
//!
//! Invariants
//! - equal numbers have equal hashes, whatever their types: the hash is the value modulo 2^31 - 1;
//! - an int and a float compare as the exact values they stand for.
// These casts do something in single-precision builds.
#![allow(clippy::unnecessary_cast)]

use super::int;
use crate::heap::{Heap, Kind, Value};
use core::cmp::Ordering;

/// A prime, and 2^31 is 1 modulo it.
const P: u64 = 0x7fff_ffff;

/// The hash of a signed int from that of its size.
pub fn signed(negative: bool, h: u64) -> u32 {
    let h = (h % P) as u32;
    if negative { h.wrapping_neg() } else { h }
}

/// The hash of a size whose limbs above these have the hash `h`.
pub fn hash_limbs(h: u64, limbs: &[u32]) -> u64 {
    limbs.iter().rev().fold(h, |h, l| {
        // 2^31 counts as 1.
        let sum = h * 2 + *l as u64;
        let sum = (sum & P) + (sum >> 31);
        if sum >= P { sum - P } else { sum }
    })
}

/// The hash of an int, bool, float or complex.
pub fn hash(heap: &Heap, v: Value) -> u32 {
    if let Some(n) = v.as_small() {
        return n as u32;
    }
    if let Some(n) = int::to_i64(heap, v) {
        return signed(n < 0, n.unsigned_abs());
    }
    match heap.kind(v) {
        Kind::BigInt => {
            let big = int::big(heap, v);
            signed(big.negative, hash_limbs(0, big.limbs))
        }
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        Kind::Float => hash_float(super::float::load(heap, v, 0) as f64),
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        Kind::Complex => {
            let (re, im) = super::complex::parts(heap, v);
            hash_float(re as f64).wrapping_add(hash_float(im as f64).wrapping_mul(1_000_003))
        }
        _ => 0,
    }
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn hash_float(x: f64) -> u32 {
    if x.is_infinite() {
        return signed(x < 0.0, 314_159);
    }
    let (m, e) = split(x);
    // m * 2^e, where 2^31 counts as 1.
    let h = (m % P) << e.rem_euclid(31) as u32;
    signed(x < 0.0, (h & P) + (h >> 31))
}

/// A finite float's size as mantissa and exponent of two.
#[cfg(any(feature = "float-single", feature = "float-double"))]
pub fn split(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let (raw, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    if raw == 0 { (fraction, -1074) } else { (fraction | 1 << 52, raw - 1075) }
}

/// Whether two numbers are equal.
pub fn equal(heap: &Heap, a: Value, b: Value) -> bool {
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if heap.is(a, Kind::Complex) || heap.is(b, Kind::Complex) {
        return complex_equal(heap, a, b);
    }
    compare(heap, a, b) == Some(Ordering::Equal)
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn complex_equal(heap: &Heap, a: Value, b: Value) -> bool {
    let parts = |v| if heap.is(v, Kind::Complex) { Some(super::complex::parts(heap, v)) } else { None };
    match (parts(a), parts(b)) {
        (Some(x), Some(y)) => x == y,
        (Some((re, im)), None) => im == 0.0 && compare_float(heap, b, re as f64) == Some(Ordering::Equal),
        (None, Some((re, im))) => im == 0.0 && compare_float(heap, a, re as f64) == Some(Ordering::Equal),
        (None, None) => false,
    }
}

/// The order of two ints or floats; `None` where a NaN has none.
pub fn compare(heap: &Heap, a: Value, b: Value) -> Option<Ordering> {
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    {
        if let Some(y) = super::float::get(heap, b) {
            return compare_float(heap, a, y as f64);
        }
        if let Some(x) = super::float::get(heap, a) {
            return compare_float(heap, b, x as f64).map(Ordering::reverse);
        }
    }
    Some(int::compare(heap, a, b))
}

/// The order of an int or float against a float.
#[cfg(any(feature = "float-single", feature = "float-double"))]
fn compare_float(heap: &Heap, a: Value, y: f64) -> Option<Ordering> {
    if let Some(x) = super::float::get(heap, a) {
        return (x as f64).partial_cmp(&y);
    }
    if y.is_nan() {
        return None;
    }
    if let Some(n) = int::to_i64(heap, a) {
        const TOP: f64 = 9_223_372_036_854_775_808.0;
        return Some(if y >= TOP {
            Ordering::Less
        } else if y < -TOP {
            Ordering::Greater
        } else {
            let whole = y as i64;
            n.cmp(&whole).then((whole as f64).partial_cmp(&y)?)
        });
    }
    let big = int::big(heap, a);
    if y.is_infinite() {
        return 0.0.partial_cmp(&y);
    }
    if (y < 0.0) != big.negative {
        return Some(if big.negative { Ordering::Less } else { Ordering::Greater });
    }
    let (m, e) = split(y);
    let size = big.compare_size(m, e);
    Some(if big.negative { size.reverse() } else { size })
}
