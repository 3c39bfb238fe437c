//! Ints: small, 64-bit and long, each value in its smallest kind.
//!
//! Invariants
//! - a value that fits a small int is never an `Int64`, one that fits an `i64` never a `BigInt`;
//!   so ints of different kinds are never equal.

use crate::heap::{Heap, Kind, R, Value};
use core::cmp::Ordering;

pub fn from_i64(heap: &mut Heap, n: i64) -> R {
    if let Some(v) = Value::try_small(n) {
        return Ok(v);
    }
    let v = heap.alloc(Kind::Int64, 2)?;
    heap.set_word(v, 0, n as u32);
    heap.set_word(v, 1, (n >> 32) as u32);
    Ok(v)
}

pub fn from_u64(heap: &mut Heap, n: u64) -> R {
    if let Ok(n) = i64::try_from(n) {
        return from_i64(heap, n);
    }
    let v = heap.alloc(Kind::BigInt, 3)?;
    heap.set_word(v, 0, 2 << 1);
    heap.set_word(v, 1, n as u32);
    heap.set_word(v, 2, (n >> 32) as u32);
    Ok(v)
}

/// The value of an int (or bool) that fits.
pub fn to_i64(heap: &Heap, v: Value) -> Option<i64> {
    match v.as_small() {
        Some(n) => Some(n as i64),
        None if v == Value::TRUE => Some(1),
        None if v == Value::FALSE => Some(0),
        None if heap.is(v, Kind::Int64) => {
            Some((heap.word(v, 0) as u64 | (heap.word(v, 1) as u64) << 32) as i64)
        }
        None => None,
    }
}

/// An int of any size, or a bool.
pub fn is(heap: &Heap, v: Value) -> bool {
    v.is_small()
        || v == Value::TRUE
        || v == Value::FALSE
        || matches!(heap.kind(v), Kind::Int64 | Kind::BigInt)
}

/// A long int as a view of its cell.
pub struct Big<'a> {
    pub negative: bool,
    /// Low first; the top one is not 0.
    pub limbs: &'a [u32],
}

/// The parts of a `BigInt` cell.
pub fn big(heap: &Heap, v: Value) -> Big<'_> {
    let w = heap.word(v, 0);
    Big { negative: w & 1 != 0, limbs: heap.raw_words(v, 1).get(..(w >> 1) as usize).unwrap_or(&[]) }
}

impl Big<'_> {
    /// Bits of the size.
    pub fn bits(&self) -> u64 {
        match self.limbs.last() {
            Some(top) => self.limbs.len() as u64 * 32 - top.leading_zeros() as u64,
            None => 0,
        }
    }
    /// The order of the size against `m * 2^e`.
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    pub fn compare_size(&self, m: u64, e: i32) -> Ordering {
        let top = 64 - m.leading_zeros() as i64 + e as i64;
        let order = (self.bits() as i64).cmp(&top);
        // Equal lengths: more than 63 bits, so at most the lowest bits of the float lie below the point, and they are 0.
        let (m, e) = if e < 0 { (m >> e.unsigned_abs().min(63), 0) } else { (m, e as u32) };
        order.then_with(|| {
            let (at, shift) = ((e / 32) as usize, e % 32);
            let wide = (m as u128) << shift;
            let limb = |i: usize| match i.checked_sub(at) {
                Some(k) if k < 4 => (wide >> (32 * k)) as u32,
                _ => 0,
            };
            let pairs = self.limbs.iter().enumerate().rev().map(|(i, l)| l.cmp(&limb(i)));
            pairs.fold(Ordering::Equal, Ordering::then)
        })
    }
}

/// The order of two ints.
pub fn compare(heap: &Heap, a: Value, b: Value) -> Ordering {
    let sign = |v| if big(heap, v).negative { Ordering::Less } else { Ordering::Greater };
    match (to_i64(heap, a), to_i64(heap, b)) {
        (Some(x), Some(y)) => x.cmp(&y),
        (None, Some(_)) => sign(a),
        (Some(_), None) => sign(b).reverse(),
        (None, None) => {
            let (x, y) = (big(heap, a), big(heap, b));
            let size = x
                .limbs
                .len()
                .cmp(&y.limbs.len())
                .then_with(|| x.limbs.iter().rev().cmp(y.limbs.iter().rev()));
            match (x.negative, y.negative) {
                (false, false) => size,
                (true, true) => size.reverse(),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
            }
        }
    }
}

/// The operator of that number in the bytecode on ints of at most 64 bits; `None` for what is no arithmetic of ints, an
/// error, or a longer result.
pub fn arithmetic(op: u8, x: i64, y: i64) -> Option<i64> {
    match op {
        22 => Some(x | y),
        23 => Some(x ^ y),
        24 => Some(x & y),
        25 if (0..63).contains(&y) => Some(x << y).filter(|n| n >> y == x),
        26 if y >= 0 => Some(x >> y.min(63)),
        27 => x.checked_add(y),
        28 => x.checked_sub(y),
        29 => x.checked_mul(y),
        31 => floor_divide(x, y).map(|both| both.0),
        33 => floor_divide(x, y).map(|both| both.1),
        34 if y >= 0 => u32::try_from(y).ok().and_then(|y| x.checked_pow(y)),
        _ => None,
    }
}

/// Floor quotient and remainder; `None` where the divisor is 0 or the quotient needs more bits. Works on the magnitudes:
/// compilers' libraries for small machines have the unsigned division anyway.
pub fn floor_divide(x: i64, y: i64) -> Option<(i64, i64)> {
    let (n, d) = (x.unsigned_abs(), y.unsigned_abs());
    let (q, r) = (n.checked_div(d)?, n.checked_rem(d)?);
    let below = (x < 0) != (y < 0);
    let up = below && r != 0;
    let (q, r) = if up { (q + 1, d - r) } else { (q, r) };
    let q = if below { (q as i64).wrapping_neg() } else { i64::try_from(q).ok()? };
    Some((q, if y < 0 { (r as i64).wrapping_neg() } else { r as i64 }))
}
