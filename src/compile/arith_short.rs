//! Arithmetic on constants of at most 64 bits; `None` where run time has to do it: what would raise, and larger results.

use super::token::Tok;
use crate::heap::{Heap, R, Value};
use crate::object::int;

#[inline(never)]
pub fn unary(heap: &mut Heap, op: Tok, v: Value) -> R<Option<Value>> {
    let n = int::to_i64(heap, v).and_then(|n| match op {
        Tok::Minus => n.checked_neg(),
        Tok::Tilde => Some(!n),
        _ => Some(n),
    });
    made(heap, n)
}

#[inline(never)]
pub fn binary(heap: &mut Heap, op: Tok, a: Value, b: Value) -> R<Option<Value>> {
    let n = int::to_i64(heap, a).zip(int::to_i64(heap, b)).and_then(|(x, y)| ints(op, x, y));
    made(heap, n)
}

fn made(heap: &mut Heap, n: Option<i64>) -> R<Option<Value>> {
    n.map(|n| int::from_i64(heap, n)).transpose()
}

fn ints(op: Tok, x: i64, y: i64) -> Option<i64> {
    match op {
        Tok::Plus => x.checked_add(y),
        Tok::Minus => x.checked_sub(y),
        Tok::Pipe => Some(x | y),
        Tok::Caret => Some(x ^ y),
        Tok::Ampersand => Some(x & y),
        Tok::Star => x.checked_mul(y),
        Tok::SlashSlash => int::floor_divide(x, y).map(|(q, _)| q),
        Tok::Percent => int::floor_divide(x, y).map(|(_, r)| r),
        Tok::ShiftLeft if (0..63).contains(&y) => Some(x << y).filter(|n| n >> y == x),
        Tok::ShiftRight if y >= 0 => Some(x >> y.min(63)),
        Tok::StarStar if (0..64).contains(&y) => (0..y).try_fold(1i64, |n, _| n.checked_mul(x)),
        _ => None,
    }
}
