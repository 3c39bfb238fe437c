//! The shape of 64-bit floats.

pub type Float = f64;

/// Stored fraction bits.
pub const FRACTION: u32 = 52;
/// Exponent of the unit of subnormals.
pub const UNIT: i32 = -1074;
/// The raw exponent of infinities and NaN.
pub const RAW_TOP: i32 = 0x7ff;
/// Decimals of up to this many digits survive decimal → float → decimal.
pub const SURE_DIGITS: u32 = 15;
/// Words of a scratch number; see `big`.
pub const WORDS: usize = 36;
/// A decimal `0.d… × 10^n` is infinite above the first bound, and zero below the second.
pub const POINT_RANGE: (i32, i32) = (310, -323);
/// The powers of ten that are exact.
pub static TENS: [Float; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

pub fn to_bits(x: Float) -> u64 {
    x.to_bits()
}

pub fn widen(x: Float) -> f64 {
    x
}

pub fn from_bits(bits: u64) -> Float {
    Float::from_bits(bits)
}

pub fn sqrt(x: Float) -> Float {
    libm::sqrt(x)
}

pub fn sin(x: Float) -> Float {
    libm::sin(x)
}

pub fn cos(x: Float) -> Float {
    libm::cos(x)
}

pub fn rem(x: Float, y: Float) -> Float {
    libm::fmod(x, y)
}

pub fn hypot(x: Float, y: Float) -> Float {
    libm::hypot(x, y)
}
