//! Division by one limb and by many, and what modular powers need of it.

use super::{Limb, add_small, limb, mul, set, shl, trim, used};

/// `(high:low) / by`, where `high < by`: the quotient is one limb. On 32-bit cores two halves with
/// 32-bit divisions are far cheaper than the general 64-bit division of the compiler's library.
#[cfg(any(test, target_pointer_width = "32"))]
#[inline(never)]
pub(super) fn div_halves(high: Limb, low: Limb, by: Limb) -> (Limb, Limb) {
    let by = by.max(1);
    let shift = by.leading_zeros();
    let by = by << shift;
    let pair = (u64::from(high) << 32 | u64::from(low)) << shift;
    let (top, bottom) = (by >> 16, by & 0xffff);
    let mut rest = (pair >> 32) as u32;
    let low = pair as u32;
    let mut quotient = 0u32;
    for next in [low >> 16, low & 0xffff] {
        let mut digit = rest.checked_div(top).unwrap_or(0);
        let mut left = rest.wrapping_sub(digit.wrapping_mul(top));
        // The estimate from the upper half is at most two too large.
        while left <= 0xffff && (digit > 0xffff || digit.wrapping_mul(bottom) > (left << 16 | next)) {
            digit -= 1;
            left += top;
        }
        rest = (rest << 16 | next).wrapping_sub(digit.wrapping_mul(by));
        quotient = quotient << 16 | digit;
    }
    (quotient, rest >> shift)
}

#[cfg(target_pointer_width = "32")]
use div_halves as div_wide;

#[cfg(not(target_pointer_width = "32"))]
fn div_wide(high: Limb, low: Limb, by: Limb) -> (Limb, Limb) {
    let pair = u64::from(high) << 32 | u64::from(low);
    let by = u64::from(by.max(1));
    ((pair / by) as u32, (pair % by) as u32)
}

/// `a /= by`, giving the remainder. `by` is not zero.
pub fn div_small(a: &mut [Limb], by: Limb) -> Limb {
    div_part(a, by, 0)
}

/// The same of limbs of a number whose higher ones have left `rest`.
#[inline(never)]
pub fn div_part(a: &mut [Limb], by: Limb, mut rest: Limb) -> Limb {
    for limb in a.iter_mut().rev() {
        (*limb, rest) = div_wide(rest, *limb, by);
    }
    rest
}

/// Long division begins: shifts both numbers so that the divisor's top bit is set. `a` and `by` have no
/// zero limbs at the end, and `by` is not zero. Room: `rest` one limb more than `a`, `divisor` as `by`.
/// Returns the shift. Then `div_step` for each place from `a.len() - by.len()` down to 0, if that is not
/// negative; each gives a limb of the quotient. Then `div_finish`.
pub fn div_prepare(a: &[Limb], by: &[Limb], rest: &mut [Limb], divisor: &mut [Limb]) -> u32 {
    let shift = by.last().map_or(0, |top| top.leading_zeros());
    set(rest, a.len(), 0);
    shl(a, shift as usize, rest);
    shl(by, shift as usize, divisor);
    shift
}

/// One limb of the quotient (Knuth's algorithm D, steps 3 to 6).
#[inline(never)]
pub fn div_step(rest: &mut [Limb], divisor: &[Limb], at: usize) -> Limb {
    let n = divisor.len();
    let Some(window) = rest.get_mut(at..at + n + 1) else { return 0 };
    let (top, second) = (limb(divisor, n.wrapping_sub(1)), limb(divisor, n.wrapping_sub(2)));
    let (high, middle) = (limb(window, n), limb(window, n.wrapping_sub(1)));
    let low = limb(window, n.wrapping_sub(2));
    // The estimate from the top limbs is the digit, or one or two more; the second limb almost settles it.
    let (mut digit, mut left) = match high.cmp(&top) {
        core::cmp::Ordering::Less => {
            let (digit, left) = div_wide(high, middle, top);
            (digit, Some(left))
        }
        _ => (u32::MAX, middle.checked_add(top)),
    };
    while let Some(known) = left
        && u64::from(digit) * u64::from(second) > (u64::from(known) << 32 | u64::from(low))
    {
        digit -= 1;
        left = known.checked_add(top);
    }
    // What a step takes away beyond its own limb, product and borrow together: never more than a limb.
    let mut carry = 0u32;
    let mut places = window.iter_mut();
    for (factor, place) in divisor.iter().zip(&mut places) {
        let product = u64::from(*factor) * u64::from(digit) + u64::from(carry);
        let (left, under) = place.overflowing_sub(product as u32);
        *place = left;
        carry = (product >> 32) as u32 + u32::from(under);
    }
    let Some(last) = places.next() else { return digit };
    let (left, under) = last.overflowing_sub(carry);
    *last = left;
    if under {
        digit -= 1;
        let mut carry = 0u32;
        let mut places = window.iter_mut();
        for (factor, place) in divisor.iter().zip(&mut places) {
            let sum = u64::from(*place) + u64::from(*factor) + u64::from(carry);
            *place = sum as u32;
            carry = (sum >> 32) as u32;
        }
        if let Some(last) = places.next() {
            *last = last.wrapping_add(carry);
        }
    }
    digit
}

/// Shifts the remainder back; returns how many of its limbs count.
pub fn div_finish(rest: &mut [Limb], shift: u32) -> usize {
    if shift > 0 {
        let mut above = 0u32;
        for limb in rest.iter_mut().rev() {
            let this = *limb;
            *limb = above << (32 - shift) | this >> shift;
            above = this;
        }
    }
    used(rest)
}

/// `a / by` and `a % by` in one go. Room: `quotient` `a.len() - by.len() + 1` (none if `a` is shorter),
/// `rest` `a.len() + 1`, `scratch` as `by`. Returns the two lengths; by zero gives zeros.
pub fn divmod(
    a: &[Limb],
    by: &[Limb],
    quotient: &mut [Limb],
    rest: &mut [Limb],
    scratch: &mut [Limb],
) -> (usize, usize) {
    let (a, by) = (trim(a), trim(by));
    if by.is_empty() {
        return (0, 0);
    }
    let (Some(rest), Some(divisor)) = (rest.get_mut(..a.len() + 1), scratch.get_mut(..by.len())) else {
        return (0, 0);
    };
    let shift = div_prepare(a, by, rest, divisor);
    let places = (a.len() + 1).saturating_sub(by.len());
    for at in (0..places).rev() {
        set(quotient, at, div_step(rest, divisor, at));
    }
    (used(quotient.get(..places).unwrap_or(quotient)), div_finish(rest, shift))
}

/// Turns a quotient and remainder of magnitudes into Python's floor division where the signs of the
/// operands differ: if something is left, the quotient grows by one in size, and the remainder becomes
/// `by - rest`. Room: `quotient` one limb more than it has (a zero), `rest` at least as `by`. Returns the two
/// lengths; the remainder's sign is the divisor's.
pub fn floor_fix(by: &[Limb], quotient: &mut [Limb], rest: &mut [Limb]) -> (usize, usize) {
    if used(rest) != 0 {
        add_small(quotient, 1);
        let mut borrow = 0i64;
        for (i, place) in rest.iter_mut().enumerate() {
            borrow += i64::from(limb(by, i)) - i64::from(*place);
            *place = borrow as u32;
            borrow >>= 32;
        }
    }
    (used(quotient), used(rest))
}

/// Limbs of scratch that `mul_mod` and `pow_mod` need for a modulus of `n` limbs.
pub const fn mul_mod_scratch(n: usize) -> usize {
    6 * n + 1
}

/// `a * b % modulus`, where both factors are below the modulus, which ends in no zero limb. Room: as the
/// modulus; limbs above the result are zero.
pub fn mul_mod(a: &[Limb], b: &[Limb], modulus: &[Limb], out: &mut [Limb], scratch: &mut [Limb]) -> usize {
    let n = modulus.len();
    let Some((product, scratch)) = scratch.split_at_mut_checked(2 * n) else { return 0 };
    let Some((rest, divisor)) = scratch.split_at_mut_checked(2 * n + 1) else { return 0 };
    let len = mul(trim(a), trim(b), product);
    let (_, len) = divmod(product.get(..len).unwrap_or(&[]), modulus, &mut [], rest, divisor);
    for (to, from) in out.iter_mut().zip(rest.iter().take(len).chain(core::iter::repeat(&0))) {
        *to = *from;
    }
    len
}

/// One bit of a modular power, the exponent's highest bit first: `out = out² (· base, where the bit is
/// set)`. `out` begins as 1 (as 0 for the modulus 1) and is exactly as long as the modulus; `base` is below it.
#[inline(never)]
pub fn pow_mod(base: &[Limb], is_set: bool, modulus: &[Limb], out: &mut [Limb], scratch: &mut [Limb]) {
    // The output is also an input, so its value first moves to the scratch.
    let Some((value, scratch)) = scratch.split_at_mut_checked(modulus.len()) else { return };
    for factor in [None, Some(base)].into_iter().take(1 + usize::from(is_set)) {
        value.iter_mut().zip(out.iter()).for_each(|(to, from)| *to = *from);
        mul_mod(value, factor.unwrap_or(value), modulus, out, scratch);
    }
}
