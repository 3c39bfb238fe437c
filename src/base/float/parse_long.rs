//! Reading floats of very many digits piece by piece: between pieces the caller lets others in.

use super::digits::Exact;
use super::parse::{FAR, Head};
use super::{Float, Parts};
use core::cmp::Ordering;

/// A text of more bytes is read in pieces.
pub const LONG: usize = if cfg!(feature = "tiny") { usize::MAX } else { 40 };
/// Bytes that are read at a stretch, and digits that are compared at a stretch.
const READ: usize = 64;
const COMPARED: usize = 2;

/// What may come next.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Part {
    Sign,
    Mantissa,
    ExponentSign,
    Exponent,
}

/// As `parse`, of a text of which `next` gives the bytes from a place on, as many as there is room for: none behind the end.
/// `underscores` may stand between digits.
pub fn parse_long<E>(
    underscores: bool,
    next: &mut impl FnMut(usize, &mut [u8]) -> Result<usize, E>,
) -> Result<Option<Float>, E> {
    let (mut head, mut part, mut before) = (Head::NONE, Part::Sign, 0u8);
    let (mut negative, mut down, mut exponent, mut digits) = (false, false, 0i32, false);
    let mut at = 0;
    loop {
        let mut room = [0; READ];
        let n = next(at, &mut room)?;
        for b in room.iter().take(n) {
            if before == b'_' && !b.is_ascii_digit() {
                return Ok(None);
            }
            match b {
                b'0'..=b'9' if part <= Part::Mantissa => {
                    part = Part::Mantissa;
                    head.take(*b);
                }
                b'.' if part <= Part::Mantissa => {
                    part = Part::Mantissa;
                    head.take(*b);
                }
                b'0'..=b'9' => {
                    part = Part::Exponent;
                    digits = true;
                    exponent = (exponent * 10 + i32::from(b - b'0')).min(FAR / 16);
                }
                b'+' | b'-' if part == Part::Sign => {
                    part = Part::Mantissa;
                    negative = *b == b'-';
                }
                b'+' | b'-' if part == Part::ExponentSign => {
                    part = Part::Exponent;
                    down = *b == b'-';
                }
                b'e' | b'E' if part == Part::Mantissa => part = Part::ExponentSign,
                b'_' if underscores && before.is_ascii_digit() => {}
                _ => return Ok(None),
            }
            before = *b;
        }
        at += n;
        if n == 0 {
            break;
        }
    }
    if !head.is_number() || before == b'_' || part > Part::Mantissa && !digits {
        return Ok(None);
    }
    head.power = head.power.saturating_add(if down { -exponent } else { exponent });
    let mut failed = None;
    let size = head.nearest(|point, half| {
        compare(point, half, next).unwrap_or_else(|e| {
            failed = Some(e);
            Ordering::Equal
        })
    });
    match failed {
        Some(e) => Err(e),
        None => Ok(Some(if negative { -size } else { size })),
    }
}

/// Compares the digits, the first significant one standing at `point`, with those of `number`.
fn compare<E>(
    point: i32,
    number: Parts,
    next: &mut impl FnMut(usize, &mut [u8]) -> Result<usize, E>,
) -> Result<Ordering, E> {
    let mut exact = Exact::EMPTY;
    exact.start(number);
    if point != exact.point {
        return Ok(point.cmp(&exact.point));
    }
    let (mut at, mut begun) = (0, false);
    loop {
        let mut room = [0; READ];
        // Digits that are compared take long each.
        let n = next(at, room.get_mut(..if begun { COMPARED } else { READ }).unwrap_or(&mut []))?;
        if n == 0 {
            break;
        }
        for b in room.iter().take(n) {
            at += 1;
            match b {
                b'e' | b'E' => return Ok(exact.rest_order()),
                b'1'..=b'9' if !begun => {
                    begun = true;
                    at -= 1;
                    break;
                }
                b'0'..=b'9' if begun => {
                    let order = (b - b'0').cmp(&exact.next());
                    if order.is_ne() {
                        return Ok(order);
                    }
                }
                _ => {}
            }
        }
    }
    Ok(exact.rest_order())
}
