//! Magnitudes of big ints: unsigned numbers as slices of 32-bit limbs, the lowest first.
//!
//! Inputs may end in zero limbs; results are written to the caller's slice and the function returns how
//! many limbs count, so that the highest of these is not zero (zero has none). Limbs of the output beyond
//! that are left in any state. An output that is too short loses its high limbs: the needed room stands at
//! each function, and nothing panics.
//!
//! Multiplication, division and text take quadratic time. They are offered one row at a time, without
//! state between rows but what the caller holds (`mul_row`, `div_step`, `read_step`, `text_step`), so
//! that a caller who works on heap objects lets the VM tick between rows.
//!
//! 32-bit limbs: one `umull` per step on Cortex-M3 and up; the library call that Cortex-M0 makes instead
//! costs less than the four times as many steps of 16-bit limbs.

mod bits;
mod divide;
#[cfg(any(feature = "float-double", feature = "float-single"))]
mod floats;
#[cfg(test)]
mod tests;
mod text;

pub use bits::{BitOp, bit_op, byte_at, from_bytes, invert, to_bytes};
pub use divide::{
    div_finish, div_part, div_prepare, div_small, div_step, divmod, floor_fix, mul_mod, mul_mod_scratch,
    pow_mod,
};
#[cfg(any(feature = "float-double", feature = "float-single"))]
pub use floats::{FLOAT_LIMBS, from_float, to_float};
pub use text::{read, read_part, read_room, read_step, text, text_digits, text_part, text_room, text_step};

use core::cmp::Ordering;

pub type Limb = u32;

const BITS: usize = 32;

/// How many limbs count.
pub fn used(a: &[Limb]) -> usize {
    a.iter().rposition(|limb| *limb != 0).map_or(0, |at| at + 1)
}

/// Without zero limbs at the end.
pub fn trim(a: &[Limb]) -> &[Limb] {
    a.get(..used(a)).unwrap_or(a)
}

fn limb(a: &[Limb], at: usize) -> Limb {
    a.get(at).copied().unwrap_or(0)
}

fn set(out: &mut [Limb], at: usize, limb: Limb) {
    if let Some(place) = out.get_mut(at) {
        *place = limb;
    }
}

pub fn from_u64(value: u64) -> [Limb; 2] {
    [value as u32, (value >> 32) as u32]
}

pub fn to_u64(a: &[Limb]) -> Option<u64> {
    (used(a) <= 2).then(|| u64::from(limb(a, 0)) | u64::from(limb(a, 1)) << 32)
}

/// The signed number, where it fits.
pub fn to_i64(negative: bool, a: &[Limb]) -> Option<i64> {
    let size = to_u64(a)?;
    if negative { 0i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() }
}

/// The low 64 bits of the two's complement.
pub fn to_i64_wrapping(negative: bool, a: &[Limb]) -> i64 {
    let low = (u64::from(limb(a, 0)) | u64::from(limb(a, 1)) << 32) as i64;
    if negative { low.wrapping_neg() } else { low }
}

pub fn bit_length(a: &[Limb]) -> usize {
    let n = used(a);
    n * BITS - n.checked_sub(1).map_or(0, |top| limb(a, top).leading_zeros() as usize)
}

pub fn bit(a: &[Limb], at: usize) -> bool {
    limb(a, at / BITS) >> (at % BITS) & 1 != 0
}

#[inline(never)]
pub fn cmp(a: &[Limb], b: &[Limb]) -> Ordering {
    let n = used(a);
    n.cmp(&used(b)).then_with(|| a.iter().take(n).rev().cmp(b.iter().take(n).rev()))
}

/// `a + b`. Room: one limb more than the longer.
#[inline(never)]
pub fn add(a: &[Limb], b: &[Limb], out: &mut [Limb]) -> usize {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut carry = 0u32;
    let mut places = out.iter_mut();
    let mut rest = long.iter();
    for ((x, y), place) in short.iter().zip(&mut rest).zip(&mut places) {
        let sum = u64::from(*x) + u64::from(*y) + u64::from(carry);
        *place = sum as u32;
        carry = (sum >> 32) as u32;
    }
    for (x, place) in rest.zip(&mut places) {
        let (sum, over) = x.overflowing_add(carry);
        *place = sum;
        carry = u32::from(over);
    }
    if let Some(place) = places.next() {
        *place = carry;
    }
    used(out.get(..long.len() + 1).unwrap_or(out))
}

/// `a - b`, where `a` is not smaller. Room: as `a`.
#[inline(never)]
pub fn sub(a: &[Limb], b: &[Limb], out: &mut [Limb]) -> usize {
    let mut borrow = 0u32;
    let mut places = out.iter_mut();
    let mut rest = a.iter();
    for ((y, x), place) in b.iter().zip(&mut rest).zip(&mut places) {
        let left = u64::from(*x).wrapping_sub(u64::from(*y) + u64::from(borrow));
        *place = left as u32;
        borrow = (left >> 32) as u32 & 1;
    }
    for (x, place) in rest.zip(&mut places) {
        let (left, under) = x.overflowing_sub(borrow);
        *place = left;
        borrow = u32::from(under);
    }
    used(out.get(..a.len()).unwrap_or(out))
}

/// Limb by limb `of` an operand's, another's and the carry from below: the result's and the carry. Operands that end are zero.
#[inline(always)]
fn by_limb(
    a: &[Limb],
    b: &[Limb],
    mut carry: Limb,
    out: &mut [Limb],
    of: impl Fn(u64, u64, u64) -> (Limb, Limb),
) -> Limb {
    let (mut x, mut y, mut places) = (a.iter(), b.iter(), out.iter_mut());
    let both = a.len().min(b.len());
    for ((x, y), place) in (&mut x).take(both).zip((&mut y).take(both)).zip((&mut places).take(both)) {
        (*place, carry) = of(u64::from(*x), u64::from(*y), u64::from(carry));
    }
    for place in places {
        let (x, y) = (x.next().copied().unwrap_or(0), y.next().copied().unwrap_or(0));
        (*place, carry) = of(u64::from(x), u64::from(y), u64::from(carry));
    }
    carry
}

/// A run of `a + b + carry` into all of `out`; gives the carry.
#[inline(never)]
pub fn add_run(a: &[Limb], b: &[Limb], carry: Limb, out: &mut [Limb]) -> Limb {
    by_limb(a, b, carry, out, |x, y, carry| {
        let sum = x + y + carry;
        (sum as Limb, (sum >> 32) as Limb)
    })
}

/// A run of `a - b - borrow` into all of `out`; gives the borrow.
#[inline(never)]
pub fn sub_run(a: &[Limb], b: &[Limb], borrow: Limb, out: &mut [Limb]) -> Limb {
    by_limb(a, b, borrow, out, |x, y, borrow| {
        let left = x.wrapping_sub(y + borrow);
        (left as Limb, (left >> 32) as Limb & 1)
    })
}

/// A run of a size shifted left by `n` bits, less than a limb's, into all of `out`; `below` is the limb before, and what is
/// given that of the next run.
#[inline(never)]
pub fn shl_run(a: &[Limb], mut below: Limb, n: usize, out: &mut [Limb]) -> Limb {
    let mut rest = a.iter();
    for place in out {
        let x = rest.next().copied().unwrap_or(0);
        *place = ((u64::from(x) << 32 | u64::from(below)) << n >> 32) as Limb;
        below = x;
    }
    below
}

/// `a += value`; what does not fit is returned.
pub fn add_small(a: &mut [Limb], value: Limb) -> Limb {
    let mut carry = value;
    for limb in a {
        let (sum, over) = limb.overflowing_add(carry);
        *limb = sum;
        carry = u32::from(over);
        if carry == 0 {
            break;
        }
    }
    carry
}

/// `a -= value`, where `a` is not smaller.
pub fn sub_small(a: &mut [Limb], value: Limb) {
    let mut borrow = value;
    for limb in a {
        let (rest, under) = limb.overflowing_sub(borrow);
        *limb = rest;
        borrow = u32::from(under);
        if borrow == 0 {
            break;
        }
    }
}

/// `a = a * factor + addend`; the limb that does not fit is returned.
#[inline(never)]
pub fn mul_small(a: &mut [Limb], factor: Limb, addend: Limb) -> Limb {
    let mut carry = u64::from(addend);
    for limb in a {
        carry += u64::from(*limb) * u64::from(factor);
        *limb = carry as u32;
        carry >>= 32;
    }
    carry as u32
}

/// One row of a product: `out += a * factor`, carried to the end of `out`. The caller clears the output
/// and calls this for each limb `i` of the other factor, with `out[i..]`.
#[inline(never)]
pub fn mul_row(a: &[Limb], factor: Limb, out: &mut [Limb]) {
    let mut carry = 0u64;
    let mut places = out.iter_mut();
    for (limb, place) in a.iter().zip(&mut places) {
        // At most (2^32-1)^2 + 2 (2^32-1): exactly fits.
        carry += u64::from(*limb) * u64::from(factor) + u64::from(*place);
        *place = carry as u32;
        carry >>= 32;
    }
    for place in places {
        if carry == 0 {
            return;
        }
        carry += u64::from(*place);
        *place = carry as u32;
        carry >>= 32;
    }
}

/// `a * b`. Room: the sum of the lengths.
pub fn mul(a: &[Limb], b: &[Limb], out: &mut [Limb]) -> usize {
    out.fill(0);
    for (i, factor) in b.iter().enumerate() {
        mul_row(a, *factor, out.get_mut(i..).unwrap_or(&mut []));
    }
    used(out)
}

/// `a << count`. Room: `a.len() + count / 32 + 1`.
#[inline(never)]
pub fn shl(a: &[Limb], count: usize, out: &mut [Limb]) -> usize {
    let (whole, part) = (count / BITS, count % BITS);
    let mut places = out.iter_mut();
    for place in (&mut places).take(whole) {
        *place = 0;
    }
    if part == 0 {
        for (x, place) in a.iter().zip(&mut places) {
            *place = *x;
        }
        if let Some(place) = places.next() {
            *place = 0;
        }
    } else {
        let mut before = 0u32;
        for (x, place) in a.iter().zip(&mut places) {
            *place = x << part | before >> (BITS - part);
            before = *x;
        }
        if let Some(place) = places.next() {
            *place = before >> (BITS - part);
        }
    }
    used(out.get(..whole + a.len() + 1).unwrap_or(out))
}

/// `a >> count` of the signed number: towards minus infinity, as Python shifts. Room: the length of `a`
/// less `count / 32`, plus one for a negative number; at least one.
#[inline(never)]
pub fn shr(negative: bool, a: &[Limb], count: usize, out: &mut [Limb]) -> usize {
    let (whole, part) = (count / BITS, count % BITS);
    let len = a.len().saturating_sub(whole);
    for i in 0..len {
        let pair = u64::from(limb(a, whole + i + 1)) << 32 | u64::from(limb(a, whole + i));
        set(out, i, (pair >> part) as u32);
    }
    let lost = a.iter().take(whole).any(|limb| *limb != 0) || limb(a, whole) & ((1 << part) - 1) != 0;
    if negative && lost {
        set(out, len, 0);
        add_small(out.get_mut(..len + 1).unwrap_or(&mut []), 1);
        return used(out.get(..len + 1).unwrap_or(out));
    }
    used(out.get(..len).unwrap_or(out))
}
