//! Big ints to floats and back.

use super::{Limb, bit_length, limb, shl, shr, used};
use crate::base::float::{Float, split};

/// Room for any float's whole part.
pub const FLOAT_LIMBS: usize = Float::MAX_EXP as usize / 32 + 2;

/// The nearest float, ties to even; infinite where the number is too large (`OverflowError`).
#[inline(never)]
pub fn to_float(negative: bool, a: &[Limb]) -> Float {
    let shift = bit_length(a).saturating_sub(64);
    // The highest 64 bits, and a last bit that stands for all below: enough for correct rounding.
    let mut top = [0; 3];
    let whole = shift / 32;
    shr(
        false,
        a.get(whole..).unwrap_or(&[]).get(..3.min(a.len() - whole)).unwrap_or(&[]),
        shift % 32,
        &mut top,
    );
    let lost = (0..shift.div_ceil(32)).any(|i| {
        let below = limb(a, i);
        if i < whole { below != 0 } else { below & ((1 << (shift % 32)) - 1) != 0 }
    });
    let number = u64::from(limb(&top, 0)) | u64::from(limb(&top, 1)) << 32;
    let mut size = (number | u64::from(lost)) as Float;
    let mut left = shift;
    while left > 0 && size.is_finite() {
        let step = left.min(32);
        size *= (1u64 << step) as Float;
        left -= step;
    }
    if negative { -size } else { size }
}

/// The whole part of a finite float, towards zero, as sign and length. Room: `FLOAT_LIMBS`.
#[inline(never)]
pub fn from_float(x: Float, out: &mut [Limb]) -> Option<(bool, usize)> {
    let (mantissa, exponent) = split(x)?;
    let limbs = super::from_u64(mantissa);
    let len = match u32::try_from(exponent) {
        Ok(up) => shl(&limbs, up as usize, out),
        Err(_) => {
            let cut = mantissa.checked_shr(exponent.unsigned_abs()).unwrap_or(0);
            for (to, from) in out.iter_mut().zip(super::from_u64(cut)) {
                *to = from;
            }
            used(out.get(..2).unwrap_or(out))
        }
    };
    Some((x < 0.0, len))
}
