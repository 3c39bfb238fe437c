//! Arithmetic on constants; `None` where run time has to do it.

use super::token::Tok;
use crate::heap::{Heap, R, Value};
use crate::object::int;

pub fn unary(heap: &mut Heap, op: Tok, v: Value) -> R<Option<Value>> {
    if let Some(n) = int::to_i64(heap, v) {
        let n = n as i128;
        return from_i128(
            heap,
            match op {
                Tok::Minus => -n,
                Tok::Tilde => !n,
                _ => n,
            },
        );
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = crate::object::float::get(heap, v) {
        return match op {
            Tok::Minus => crate::object::float::new(heap, -x).map(Some),
            Tok::Plus => Ok(Some(v)),
            _ => Ok(None),
        };
    }
    Ok(None)
}

pub fn binary(heap: &mut Heap, op: Tok, a: Value, b: Value) -> R<Option<Value>> {
    match (int::to_i64(heap, a), int::to_i64(heap, b)) {
        (Some(x), Some(y)) => match ints(op, x as i128, y as i128) {
            Some(n) => from_i128(heap, n),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

fn ints(op: Tok, x: i128, y: i128) -> Option<i128> {
    Some(match op {
        Tok::Plus => x + y,
        Tok::Minus => x - y,
        Tok::Star => x * y,
        Tok::Pipe => x | y,
        Tok::Caret => x ^ y,
        Tok::Ampersand => x & y,
        Tok::SlashSlash if y != 0 => x.div_euclid(y) - i128::from(y < 0 && x.rem_euclid(y) != 0),
        Tok::Percent if y != 0 => x - y * (x.div_euclid(y) - i128::from(y < 0 && x.rem_euclid(y) != 0)),
        Tok::ShiftLeft if (0..63).contains(&y) => x << y,
        Tok::ShiftRight if y >= 0 => x >> y.min(127),
        Tok::StarStar => x.checked_pow(u32::try_from(y).ok()?)?,
        _ => return None,
    })
}

fn from_i128(heap: &mut Heap, n: i128) -> R<Option<Value>> {
    if let Ok(n) = i64::try_from(n) {
        return int::from_i64(heap, n).map(Some);
    }
    Ok(None)
}
