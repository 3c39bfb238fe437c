//! Decimal digits of a positive float: shortest, or rounded at a chosen place.
//!
//! A value is `0.d1d2d3… × 10^point`, with `d1` not zero. Long division of two scratch numbers gives its
//! exact digits one by one (there are at most 767), so a precision of a thousand needs no buffer.

use super::big::Big;
use super::shape::SURE_DIGITS;
use super::{Float, Parts, parts, scale, shape};
use crate::base::sink::{self, Put, Sink};
use core::cmp::Ordering;

/// Digits that are kept; longer results are made again when they are written.
const KEPT: usize = 20;

/// The exact digits of `mantissa × 2^exponent`, by long division of `rest` by `unit`.
pub(super) struct Exact {
    rest: Big,
    unit: Big,
    pub point: i32,
}

/// At or one below the `point` of `parts`: floor(log10(2)) of its top bit, plus one.
fn low_point(parts: Parts) -> i32 {
    let top = parts.exponent + 63 - parts.mantissa.leading_zeros() as i32;
    ((top * 78913) >> 18) + 1
}

impl Exact {
    pub const EMPTY: Exact = Exact { rest: Big::ZERO, unit: Big::ZERO, point: 0 };

    /// `extra` factors of two on both sides of the division make room for halves.
    #[inline(never)]
    fn scale(&mut self, parts: Parts, extra: u32) {
        self.rest.start(parts.mantissa);
        self.unit.start(1);
        self.rest.shl(parts.exponent.max(0) as u32 + extra);
        self.unit.shl((-parts.exponent).max(0) as u32 + extra);
        self.point = low_point(parts);
        self.unit.mul_pow10(self.point.max(0) as u32);
        self.rest.mul_pow10((-self.point).max(0) as u32);
    }

    /// Sets an empty one to the digits of a number.
    pub fn start(&mut self, parts: Parts) {
        self.scale(parts, 0);
        if self.rest.cmp(&self.unit).is_ge() {
            self.unit.mul(10);
            self.point += 1;
        }
    }

    pub fn is_done(&self) -> bool {
        self.rest.is_zero()
    }
    /// How a number whose digits were all the same so far, and of which nothing is left, compares.
    pub fn rest_order(&self) -> Ordering {
        if self.is_done() { Ordering::Equal } else { Ordering::Less }
    }

    pub fn next(&mut self) -> u8 {
        self.rest.mul(10);
        self.rest.take_digit(&self.unit)
    }

    /// Whether what follows rounds up, after a last digit of the given oddness.
    fn rounds_up(&self, odd: bool) -> bool {
        let half = self.rest.cmp_sum(&self.rest, 1, &self.unit);
        half.is_gt() || half.is_eq() && odd
    }
}

/// Where to round.
#[derive(Clone, Copy)]
pub(super) enum Places {
    Significant(u32),
    AfterPoint(u32),
}

/// A sink that has a rest now and then amid long work; none for short work, and where flash counts most.
pub(super) struct Pace<'a> {
    #[cfg(not(feature = "tiny"))]
    sink: Option<&'a mut dyn Sink>,
    #[cfg(feature = "tiny")]
    sink: core::marker::PhantomData<&'a ()>,
}

#[cfg(not(feature = "tiny"))]
impl<'a> Pace<'a> {
    pub fn none() -> Pace<'a> {
        Pace { sink: None }
    }
    pub fn of(sink: &'a mut dyn Sink) -> Pace<'a> {
        Pace { sink: Some(sink) }
    }
    /// False where the sink takes nothing any more: what is made does not matter then.
    fn goes_on(&mut self) -> bool {
        self.sink.as_mut().is_none_or(|s| s.rest().is_ok())
    }
}
#[cfg(feature = "tiny")]
impl<'a> Pace<'a> {
    #[inline(always)]
    pub fn none() -> Pace<'a> {
        Pace { sink: core::marker::PhantomData }
    }
    #[inline(always)]
    pub fn of(_: &'a mut dyn Sink) -> Pace<'a> {
        Pace { sink: core::marker::PhantomData }
    }
    #[inline(always)]
    fn goes_on(&mut self) -> bool {
        true
    }
}

/// Rounded digits without trailing zeros; none at all for zero.
pub(super) struct Rounded {
    source: Parts,
    pub point: i32,
    pub len: usize,
    /// ASCII; the first `KEPT` of `len`.
    kept: [u8; KEPT],
    /// The last digit is one more than the exact digit there.
    up: bool,
}

impl Rounded {
    fn none(source: Parts, point: i32) -> Rounded {
        Rounded { source, point, len: 0, kept: [b'0'; KEPT], up: false }
    }

    pub fn zero() -> Rounded {
        Rounded::none(Parts { mantissa: 0, exponent: 0, narrow_below: false }, 1)
    }

    fn keep(&mut self, at: usize, digit: u8) {
        if let Some(place) = self.kept.get_mut(at) {
            *place = b'0' + digit;
        }
    }

    /// The digits of `number × 10^-power`.
    fn of_integer(source: Parts, number: u64, power: i32) -> Rounded {
        let mut room = [0; 20];
        let text = sink::digits(&mut room, number, 10, false);
        let mut out = Rounded::none(source, text.len() as i32 - power);
        for (i, digit) in text.iter().enumerate() {
            out.keep(i, digit - b'0');
            if *digit != b'0' {
                out.len = i + 1;
            }
        }
        out
    }

    /// The fewest digits that read back as `x`, and of these the closest (on a tie the even one, as CPython).
    pub fn shortest(x: Float) -> Rounded {
        let source = parts(x);
        match quick_shortest(x, source) {
            Some((number, power)) => Rounded::of_integer(source, number, power),
            None => slow_shortest(source),
        }
    }

    pub fn new(x: Float, places: Places, pace: &mut Pace) -> Rounded {
        let source = parts(x);
        match quick_rounded(x, source, places) {
            Some((number, power)) => Rounded::of_integer(source, number, power),
            None => slow_rounded(source, places, pace),
        }
    }

    /// Calls `put` with each digit in ASCII.
    pub fn each(&self, put: &mut dyn FnMut(u8) -> Put) -> Put {
        if self.len > KEPT {
            return self.each_again(put);
        }
        self.kept.iter().take(self.len).try_for_each(|digit| put(*digit))
    }

    #[inline(never)]
    fn each_again(&self, put: &mut dyn FnMut(u8) -> Put) -> Put {
        let mut exact = Exact::EMPTY;
        exact.start(self.source);
        for left in (0..self.len).rev() {
            put(b'0' + exact.next() + u8::from(left == 0 && self.up))?;
        }
        Ok(())
    }
}

/// An int and a power: `number × 10^-power` are the digits.
/// Decimals of `SURE_DIGITS` digits are further apart than floats, so one that reads back is the only
/// one: when the float product, however rounded, gives it, it is the answer.
#[inline(never)]
fn quick_shortest(x: Float, source: Parts) -> Option<(u64, i32)> {
    let limit = scale(1.0, SURE_DIGITS as i32)?;
    let mut power = SURE_DIGITS as i32 - low_point(source);
    let mut product = scale(x, power)?;
    if product + 0.5 >= limit {
        power -= 1;
        product = scale(x, power)?;
    }
    let number = (product + 0.5) as u64;
    let whole = number as Float;
    (whole < limit && scale(whole, -power)? == x).then_some((number, power))
}

/// The float product is off by less than 1/16 here, so unless its fraction is that close to one half it
/// rounds as the exact product does.
#[inline(never)]
fn quick_rounded(x: Float, source: Parts, places: Places) -> Option<(u64, i32)> {
    let mut power = match places {
        Places::AfterPoint(n) => i32::try_from(n).ok()?,
        Places::Significant(n) => i32::try_from(n).ok()? - low_point(source),
    };
    let mut product = scale(x, power)?;
    if let Places::Significant(n) = places
        && product >= scale(1.0, n as i32)?
    {
        power -= 1;
        product = scale(x, power)?;
    }
    if product >= (1u64 << (shape::FRACTION - 3)) as Float {
        return None;
    }
    let number = product as u64;
    let above_half = product - number as Float - 0.5;
    (above_half.abs() > 0.0625).then(|| (number + u64::from(above_half > 0.0), power))
}

#[inline(never)]
pub(super) fn slow_rounded(source: Parts, places: Places, pace: &mut Pace) -> Rounded {
    let mut exact = Exact::EMPTY;
    exact.start(source);
    let mut out = Rounded::none(source, exact.point);
    let count = match places {
        Places::Significant(n) => i64::from(n),
        Places::AfterPoint(n) => i64::from(exact.point) + i64::from(n),
    };
    if count < 0 {
        return out;
    }
    // Rounding up adds one to the last digit that is not 9 and drops the nines after it.
    let (mut not_nine, mut at, mut last) = (None, 0, 0);
    while (at as i64) < count && !exact.is_done() && pace.goes_on() {
        last = exact.next();
        out.keep(at, last);
        if last != 0 {
            out.len = at + 1;
        }
        if last != 9 {
            not_nine = Some((at, last));
        }
        at += 1;
    }
    if exact.rounds_up(last & 1 != 0) {
        let (at, digit) = not_nine.unwrap_or_else(|| {
            out.point += 1;
            (0, 0)
        });
        out.keep(at, digit + 1);
        out.len = at + 1;
        out.up = true;
    }
    out
}

/// Free-format long division: stops at the first digit after which the rest of the number no longer
/// matters to a reader that rounds to nearest.
#[inline(never)]
pub(super) fn slow_shortest(source: Parts) -> Rounded {
    // Scaled so that half the distance to the neighbour below (and to both, mostly) is `gap`.
    let above = 1 + u32::from(source.narrow_below);
    let mut exact = Exact::EMPTY;
    exact.scale(source, above);
    let mut gap = Big::ZERO;
    gap.start(1);
    gap.shl(source.exponent.max(0) as u32);
    gap.mul_pow10((-exact.point).max(0) as u32);
    // A reader takes ties to the even mantissa.
    let even = source.mantissa & 1 == 0;
    let reaches = |exact: &Exact, gap: &Big| {
        let order = exact.rest.cmp_sum(gap, above, &exact.unit);
        order.is_gt() || even && order.is_eq()
    };
    if reaches(&exact, &gap) {
        exact.unit.mul(10);
        exact.point += 1;
    }
    let mut out = Rounded::none(source, exact.point);
    while out.len < KEPT {
        let mut digit = exact.next();
        gap.mul(10);
        let order = exact.rest.cmp(&gap);
        let low = order.is_lt() || even && order.is_eq();
        let high = reaches(&exact, &gap);
        if high && (!low || exact.rounds_up(digit & 1 != 0)) {
            digit += 1;
        }
        out.keep(out.len, digit);
        out.len += 1;
        if low || high {
            break;
        }
    }
    out
}
