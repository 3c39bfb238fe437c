//! Arithmetic on constants; `None` where run time has to do it: what would raise, what has no number as its result,
//! and powers and shifts of more than `MOST_BITS`.
//!
//! Each on its own: what they keep on the native stack is no part of the parser's way.

use super::token::Tok;
use crate::base::limbs::{self, BitOp};
use crate::heap::{Heap, R, Value};
use crate::object::bigint::{self, Operand};
use crate::object::int;

const MOST_BITS: usize = 1 << 16;

#[inline(never)]
pub fn unary(heap: &mut Heap, op: Tok, v: Value) -> R<Option<Value>> {
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = crate::object::float::get(heap, v) {
        return match op {
            Tok::Minus => crate::object::float::new(heap, -x).map(Some),
            Tok::Plus => Ok(Some(v)),
            _ => Ok(None),
        };
    }
    match op {
        Tok::Minus => bigint::negate(heap, v, false),
        Tok::Tilde => bigint::invert(heap, v),
        _ => Ok(v),
    }
    .map(Some)
}

#[inline(never)]
pub fn binary(heap: &mut Heap, op: Tok, a: Value, b: Value) -> R<Option<Value>> {
    let whole = int::is(heap, a) && int::is(heap, b);
    if whole && !(op == Tok::StarStar && Operand::new(heap, b).negative) && op != Tok::Slash {
        return ints(heap, op, a, b);
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    {
        // What raises, or what is rounded once from ints of many digits, is left to the run time.
        if let (Some(x), Some(y)) = (floats::from(heap, a, whole), floats::from(heap, b, whole))
            && let Some(z) = floats::binary(op, x, y)
        {
            return crate::object::float::new(heap, z).map(Some);
        }
    }
    Ok(None)
}

fn ints(heap: &mut Heap, op: Tok, a: Value, b: Value) -> R<Option<Value>> {
    let y = Operand::new(heap, b);
    // A count of bits, where `b` is one.
    let count = int::to_i64(heap, b).and_then(|n| usize::try_from(n).ok());
    let bits = Operand::new(heap, a).bits(heap);
    match op {
        Tok::Plus => bigint::add(heap, a, b, false),
        Tok::Minus => bigint::add(heap, a, b, true),
        Tok::Pipe => bigint::bit_op(heap, BitOp::Or, a, b),
        Tok::Caret => bigint::bit_op(heap, BitOp::Xor, a, b),
        Tok::Ampersand => bigint::bit_op(heap, BitOp::And, a, b),
        Tok::Star => multiply(heap, a, b),
        Tok::SlashSlash | Tok::Percent if !y.is_zero() => divide(heap, a, b, op == Tok::SlashSlash),
        Tok::ShiftLeft if count.is_some_and(|n| n <= MOST_BITS) => bigint::shl(heap, a, count.unwrap_or(0)),
        Tok::ShiftRight if count.is_some() => bigint::shr(heap, a, count.unwrap_or(0).min(bits + 1)),
        Tok::StarStar if bits <= 1 || count.is_some_and(|n| n.saturating_mul(bits) <= MOST_BITS) => {
            power(heap, a, b)
        }
        _ => return Ok(None),
    }
    .map(Some)
}

#[inline(never)]
fn multiply(heap: &mut Heap, a: Value, b: Value) -> R {
    let (x, y) = (Operand::new(heap, a), Operand::new(heap, b));
    let out = bigint::alloc(heap, x.len + y.len + 1)?;
    let n = bigint::with(heap, &x, &y, out, limbs::mul);
    Ok(bigint::finish(heap, out, x.negative != y.negative, n))
}

/// The quotient or the remainder of floor division.
#[inline(never)]
fn divide(heap: &mut Heap, a: Value, b: Value, quotient: bool) -> R {
    let (x, y) = (Operand::new(heap, a), Operand::new(heap, b));
    // Room for the quotient, where the remainder goes if that is wanted; for the remainder; for scratch.
    let room = x.len.max(y.len) + 2;
    let out = bigint::alloc(heap, 3 * room)?;
    let opposite = x.negative != y.negative;
    let n = bigint::with(heap, &x, &y, out, |a, b, out| {
        let mut parts = out.chunks_mut(room);
        let (Some(q), Some(rest), Some(scratch)) = (parts.next(), parts.next(), parts.next()) else {
            return 0;
        };
        let (mut nq, mut nr) = limbs::divmod(a, b, q, rest, scratch);
        // What lies above the results is in any state.
        q.iter_mut().skip(nq).for_each(|l| *l = 0);
        rest.iter_mut().skip(nr).for_each(|l| *l = 0);
        if opposite {
            (nq, nr) = limbs::floor_fix(b, q, rest);
        }
        if quotient {
            return nq;
        }
        for (d, l) in q.iter_mut().zip(rest.iter()) {
            *d = *l;
        }
        nr
    });
    let negative = if quotient { opposite } else { y.negative };
    Ok(bigint::finish(heap, out, negative, n))
}

/// `a ** b` for a `b` that is not negative; the base may be any number where it is -1, 0 or 1.
#[inline(never)]
fn power(heap: &mut Heap, a: Value, b: Value) -> R {
    let mut result = Value::small(1);
    let mut base = a;
    let bits = Operand::new(heap, b).bits(heap);
    for i in 0..bits {
        let e = Operand::new(heap, b);
        if limbs::bit(e.limbs(heap), i) {
            result = multiply(heap, result, base)?;
        }
        if i + 1 < bits {
            base = multiply(heap, base, base)?;
        }
    }
    Ok(result)
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
mod floats {
    use super::Tok;
    use crate::base::float::{Float, pow, rem};
    use crate::heap::{Heap, Value};
    use crate::object::{bigint, float};

    pub fn from(heap: &Heap, v: Value, exact: bool) -> Option<Float> {
        const EXACT: Float = (1u64 << Float::MANTISSA_DIGITS) as Float;
        match float::get(heap, v) {
            Some(x) => Some(x),
            None => Some(bigint::to_float(heap, v)).filter(|x| x.is_finite() && (!exact || x.abs() < EXACT)),
        }
    }

    pub fn binary(op: Tok, x: Float, y: Float) -> Option<Float> {
        Some(match op {
            Tok::Plus => x + y,
            Tok::Minus => x - y,
            Tok::Star => x * y,
            Tok::Slash if y != 0.0 => x / y,
            Tok::SlashSlash if y != 0.0 => floor_divide(x, y),
            Tok::Percent if y != 0.0 => modulo(x, y),
            // A power of a negative number to a fraction is complex; of zero to a negative one, an error.
            Tok::StarStar if x == 0.0 && y < 0.0 => return None,
            Tok::StarStar if x < 0.0 && y.is_finite() && y != libm::floor(y as f64) as Float => return None,
            Tok::StarStar => {
                let z = pow(x, y);
                return Some(z).filter(|z| z.is_finite() || !x.is_finite() || !y.is_finite());
            }
            _ => return None,
        })
    }
    fn modulo(x: Float, y: Float) -> Float {
        let rest = rem(x, y);
        if rest == 0.0 {
            (0.0 as Float).copysign(y)
        } else if (rest < 0.0) != (y < 0.0) {
            rest + y
        } else {
            rest
        }
    }
    fn floor_divide(x: Float, y: Float) -> Float {
        let rest = rem(x, y);
        let mut div = (x - rest) / y;
        if rest != 0.0 && (rest < 0.0) != (y < 0.0) {
            div -= 1.0;
        }
        if div == 0.0 {
            return (0.0 as Float).copysign(x / y);
        }
        let whole = libm::floor(div as f64) as Float;
        if div - whole > 0.5 { whole + 1.0 } else { whole }
    }
}
