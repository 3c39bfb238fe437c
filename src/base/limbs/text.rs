//! Big ints as digits of any base, nine decimal digits (or as many as a limb holds) at a step.

use super::{Limb, div_part, mul_small, set, used};
use crate::base::{sink, utf8};

/// Limbs that hold a number of so many digits.
pub fn read_room(digits: usize, radix: u32) -> usize {
    // Bits per digit in 1/32; log2(10) is 3.3219.
    let bits = if radix == 10 { 107 } else { 32 * (32 - radix.saturating_sub(1).leading_zeros() as usize) };
    digits.saturating_mul(bits) / 1024 + 1
}

/// The next few digits from the start of `text`: bytes taken, what the number so far is multiplied by, and what is added. Bytes
/// that are not digits (underscores) are passed over.
pub fn read_part(text: &[u8], radix: u32) -> (usize, Limb, Limb) {
    let (most, _) = sink::digit_chunk(radix);
    let (mut count, mut power, mut value, mut taken) = (0, 1u32, 0u32, 0);
    for byte in text {
        if count == most {
            break;
        }
        taken += 1;
        if let Some(digit) = utf8::digit_value(*byte) {
            value = value.wrapping_mul(radix).wrapping_add(digit);
            power = power.wrapping_mul(radix);
            count += 1;
        }
    }
    (taken, power, value)
}

/// Takes the next few digits from the start of `text` into the number `out[..len]`. Returns bytes taken and the new length; done
/// when all are taken.
#[inline(never)]
pub fn read_step(text: &[u8], radix: u32, out: &mut [Limb], len: usize) -> (usize, usize) {
    let (taken, power, value) = read_part(text, radix);
    let carry = mul_small(out.get_mut(..len).unwrap_or(&mut []), power, value);
    set(out, len, carry);
    (taken, len + usize::from(carry != 0))
}

/// The number that digits mean. Room: `read_room`.
pub fn read(mut text: &[u8], radix: u32, out: &mut [Limb]) -> usize {
    let mut len = 0;
    while !text.is_empty() {
        let taken;
        (taken, len) = read_step(text, radix, out, len);
        text = text.get(taken..).unwrap_or(&[]);
    }
    len.min(out.len())
}

/// Characters that hold the digits of a number of so many bits.
pub fn text_room(bits: usize, radix: u32) -> usize {
    match radix {
        // log10(2) is 0.30103.
        10 => bits.saturating_mul(309) / 1024 + 1,
        _ => bits / radix.max(2).ilog2() as usize + 1,
    }
}

/// Divides `work[..len]` down and writes the lowest few digits before `out[at]`. Returns the new length
/// and place; done when the length is 0. Digits of the highest step begin with no zero.
#[inline(never)]
pub fn text_step(
    work: &mut [Limb],
    len: usize,
    radix: u32,
    upper: bool,
    out: &mut [u8],
    at: usize,
) -> (usize, usize) {
    let live = work.get_mut(..len).unwrap_or(&mut []);
    let value = text_part(live, radix, 0);
    let len = used(live);
    (len, text_digits(value, len == 0, radix, upper, out, at))
}

/// The division of a step, from the highest limbs to the lowest in as many parts as one likes: `rest` is what the part above
/// this one left. What the lowest one leaves are the step's digits.
pub fn text_part(part: &mut [Limb], radix: u32, rest: Limb) -> Limb {
    let (_, power) = sink::digit_chunk(radix);
    div_part(part, power, rest)
}

/// Writes the digits of a step before `out[at]`; where they begin. The `last` ones begin with no zero.
pub fn text_digits(
    mut value: Limb,
    last: bool,
    radix: u32,
    upper: bool,
    out: &mut [u8],
    mut at: usize,
) -> usize {
    let (count, _) = sink::digit_chunk(radix);
    for _ in 0..count {
        if last && value == 0 {
            break;
        }
        at = at.saturating_sub(1);
        if let Some(place) = out.get_mut(at) {
            *place = sink::digit_char(value % radix.max(2), upper);
        }
        value /= radix.max(2);
    }
    at
}

/// Writes all digits to the end of `out` and returns where they begin; `work` is used up. Room: `text_room`.
pub fn text(work: &mut [Limb], radix: u32, upper: bool, out: &mut [u8]) -> usize {
    let (mut len, mut at) = (used(work), out.len());
    if len == 0 {
        at = at.saturating_sub(1);
        if let Some(place) = out.get_mut(at) {
            *place = b'0';
        }
    }
    while len > 0 {
        (len, at) = text_step(work, len, radix, upper, out, at);
    }
    at
}
