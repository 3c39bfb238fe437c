//! Reading floats: correctly rounded for any number of digits, in constant memory.
//!
//! The first 19 digits choose the float at or below the number. What follows can only move the number
//! by less than half a step, so it is enough to compare the text with the exact digits of the midpoint.

use super::big::Big;
use super::digits::Exact;
use super::shape::{self, Float};
use super::{Parts, scale};
use crate::base::utf8;
use core::cmp::Ordering;

/// Digits that are read as one integer.
const HEAD: u32 = 19;
/// Exponents are as good as infinite beyond; also keeps sums of exponents and lengths in range.
pub(super) const FAR: i32 = 1 << 28;

/// The value of a whole text as `float()` takes it: sign, digits with a point, exponent; or `inf`,
/// `infinity`, `nan` in any case. The caller strips blanks and underscores.
pub fn parse(text: &[u8]) -> Option<Float> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let size = if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        Float::INFINITY
    } else if rest.eq_ignore_ascii_case(b"nan") {
        Float::NAN
    } else {
        parse_number(rest)?
    };
    Some(if negative { -size } else { size })
}

#[inline(never)]
fn parse_number(text: &[u8]) -> Option<Float> {
    let end = text.iter().position(|b| !b.is_ascii_digit() && *b != b'.').unwrap_or(text.len());
    let (mantissa, tail) = text.split_at_checked(end)?;
    let mut head = Head::NONE;
    for byte in mantissa {
        head.take(*byte);
    }
    if !head.is_number() {
        return None;
    }
    match tail {
        [] => {}
        [b'e' | b'E', exponent @ ..] => {
            head.power = head.power.saturating_add(parse_exponent(exponent)?);
        }
        _ => return None,
    }
    Some(head.nearest(|point, half| compare(mantissa, point, half)))
}

/// The first digits of a number, and where its point is.
pub(super) struct Head {
    value: u64,
    taken: u32,
    pub power: i32,
    digits: bool,
    points: i32,
    /// Digits that were not taken are not all zeros.
    more: bool,
}

impl Head {
    pub const NONE: Head = Head { value: 0, taken: 0, power: 0, digits: false, points: 0, more: false };

    /// A digit or a point.
    #[inline(always)]
    pub fn take(&mut self, byte: u8) {
        if byte == b'.' {
            self.points += 1;
            return;
        }
        self.digits = true;
        if self.taken < HEAD {
            self.value = self.value * 10 + u64::from(byte - b'0');
            self.taken += u32::from(self.value != 0);
            self.power = self.power.saturating_sub(self.points);
        } else {
            self.more |= byte != b'0';
            self.power = self.power.saturating_add(1 - self.points);
        }
    }
    pub fn is_number(&self) -> bool {
        self.digits && self.points <= 1
    }
    /// The float nearest to the number. `compare` tells how all its digits, the first significant one standing at a place,
    /// compare with those of another.
    #[inline(always)]
    pub fn nearest(&self, compare: impl FnOnce(i32, Parts) -> Ordering) -> Float {
        nearest(self.value, self.taken, self.power, self.more.then_some(compare))
    }
}

fn parse_exponent(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let mut value = 0i32;
    if digits.is_empty() {
        return None;
    }
    for byte in digits {
        let digit = utf8::digit_value(*byte).filter(|d| *d < 10)? as i32;
        value = (value * 10 + digit).min(FAR / 16);
    }
    Some(sign * value)
}

/// `head × 10^power`, where `head` has `count` digits and is the start of the digits that `long` compares, if any.
#[inline(never)]
fn nearest(head: u64, count: u32, power: i32, long: Option<impl FnOnce(i32, Parts) -> Ordering>) -> Float {
    if head == 0 {
        return 0.0;
    }
    if long.is_none()
        && head < 1 << (shape::FRACTION + 1)
        && let Some(exact) = scale(head as Float, power)
    {
        return exact;
    }
    let point = power.saturating_add(count as i32);
    if point > shape::POINT_RANGE.0 {
        return Float::INFINITY;
    }
    if point < shape::POINT_RANGE.1 {
        return 0.0;
    }
    let (mut mantissa, unit, rest) = floor(head, power);
    let order = match long {
        None => rest,
        Some(compare) => {
            compare(point, Parts { mantissa: mantissa * 2 + 1, exponent: unit - 1, narrow_below: false })
        }
    };
    mantissa += u64::from(order.is_gt() || order.is_eq() && mantissa & 1 != 0);
    // A carry out of the fraction raises the exponent, up to infinity, as it should.
    let raw = unit - shape::UNIT;
    if raw > shape::RAW_TOP - 2 {
        return Float::INFINITY;
    }
    shape::from_bits(((raw as u64) << shape::FRACTION) + mantissa)
}

/// The float at or below as mantissa and exponent, and how the rest compares with half a step.
#[inline(never)]
fn floor(head: u64, power: i32) -> (u64, i32, Ordering) {
    let (mut rest, mut whole) = (Big::ZERO, Big::ZERO);
    rest.start(head);
    whole.start(1);
    rest.mul_pow10(power.max(0) as u32);
    whole.mul_pow10((-power).max(0) as u32);
    // Scaled by 2^top, the quotient lies in 1..2.
    let mut top = rest.bits() - whole.bits();
    whole.shl(top.max(0) as u32);
    rest.shl((-top).max(0) as u32);
    if rest.cmp(&whole).is_lt() {
        rest.shl(1);
        top -= 1;
    }
    let unit = (top - shape::FRACTION as i32).max(shape::UNIT);
    let mut mantissa = 0u64;
    // Below half of the smallest float the loop's range is empty by more than one: nothing is left.
    if top + 1 < unit {
        return (0, unit, Ordering::Less);
    }
    take_bits(&mut rest, &whole, top + 1 - unit, &mut mantissa);
    (mantissa, unit, rest.cmp(&whole))
}

/// So many bits of the quotient; twice the remainder is left.
#[cfg(feature = "tiny")]
#[inline(always)]
fn take_bits(rest: &mut Big, whole: &Big, count: i32, mantissa: &mut u64) {
    for _ in 0..count {
        *mantissa *= 2;
        if rest.cmp(whole).is_ge() {
            rest.sub(whole);
            *mantissa += 1;
        }
        rest.shl(1);
    }
}
#[cfg(not(feature = "tiny"))]
fn take_bits(rest: &mut Big, whole: &Big, count: i32, mantissa: &mut u64) {
    /// Bits at a time, for which a scratch number has room above.
    const STEP: i32 = 7;
    // The first one is the whole part.
    let (mut left, mut step) = (count, count.min(1));
    while left > 0 {
        *mantissa = *mantissa << step | u64::from(rest.take_quotient(whole, step as u32));
        left -= step;
        step = left.clamp(1, STEP);
        rest.shl(step as u32);
    }
}

/// Compares the digits of a text, the first significant one standing at `point`, with those of `number`.
#[inline(never)]
fn compare(text: &[u8], point: i32, number: Parts) -> Ordering {
    let mut exact = Exact::EMPTY;
    exact.start(number);
    if point != exact.point {
        return point.cmp(&exact.point);
    }
    for byte in text.iter().filter(|b| **b != b'.').skip_while(|b| **b == b'0') {
        let order = (byte - b'0').cmp(&exact.next());
        if order.is_ne() {
            return order;
        }
    }
    exact.rest_order()
}
