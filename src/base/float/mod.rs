//! Floats as exact text and back: one small algorithm on multi-word integers, with a shortcut in
//! hardware (or soft-float) arithmetic for everyday values.
//!
//! Every result is correctly rounded (ties to even) or shortest, at any precision and any length of
//! input; the shortcut is taken only where it provably gives the same digits.
//! The rank knows one float type, chosen by feature: `Float`.

mod big;
mod digits;
mod parse;
mod parse_long;
#[cfg(feature = "float-double")]
#[path = "double.rs"]
mod shape;
#[cfg(all(feature = "float-single", not(feature = "float-double")))]
#[path = "single.rs"]
mod shape;
#[cfg(test)]
mod tests;
mod text;

#[cfg(all(feature = "float-double", feature = "float-single"))]
compile_error!("choose one of the features float-double and float-single");

pub use parse::parse;
pub use parse_long::{LONG, parse_long};
pub use shape::{Float, cos, hypot, pow, rem, sin, sqrt, widen};
pub use text::{FloatText, put_repr, put_spec};

/// A positive finite float as `mantissa × 2^exponent`.
#[derive(Clone, Copy)]
struct Parts {
    mantissa: u64,
    exponent: i32,
    /// The next float below is only half as far away as the next above.
    narrow_below: bool,
}

fn parts(x: Float) -> Parts {
    let bits = shape::to_bits(x);
    let fraction = bits & ((1 << shape::FRACTION) - 1);
    let raw = (bits >> shape::FRACTION) as i32 & shape::RAW_TOP;
    match raw {
        0 => Parts { mantissa: fraction, exponent: shape::UNIT, narrow_below: false },
        _ => Parts {
            mantissa: fraction | 1 << shape::FRACTION,
            exponent: raw - 1 + shape::UNIT,
            narrow_below: fraction == 0 && raw > 1,
        },
    }
}

/// `x × 10^power` with a single rounding; `None` where the power of ten is not exact.
fn scale(x: Float, power: i32) -> Option<Float> {
    let ten = *shape::TENS.get(power.unsigned_abs() as usize)?;
    Some(if power < 0 { x / ten } else { x * ten })
}

/// The size of a finite float as `mantissa × 2^exponent`; `None` for infinities and NaN.
pub fn split(x: Float) -> Option<(u64, i32)> {
    let parts = parts(x.abs());
    x.is_finite().then_some((parts.mantissa, parts.exponent))
}

/// A small int as a float; `None` where a float of this build does not hold it exactly.
#[inline(always)]
pub fn exactly(n: i32) -> Option<Float> {
    let fits = Float::MANTISSA_DIGITS > 31 || n.unsigned_abs() >> (Float::MANTISSA_DIGITS & 31) == 0;
    fits.then_some(n as Float)
}
