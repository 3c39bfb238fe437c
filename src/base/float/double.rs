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

/// `x ** y`: for a whole `y` rounded correctly but for ties that 100 bits do not decide, so that `10 ** -5` is the float
/// of `1e-5`; else as exact as the library's.
pub fn pow(x: Float, y: Float) -> Float {
    // Within, no square on the way and no rest of a product leaves the range of floats.
    const RANGE: core::ops::Range<Float> = 1e-250..1e250;
    let near = libm::pow(x, y);
    let count = y.abs() as u32;
    if !(2..=1024).contains(&count) || count as Float != y.abs() || !RANGE.contains(&near.abs()) {
        return near;
    }
    let (mut power, mut base, mut left) = ((1.0, 0.0), (x, 0.0), count);
    loop {
        if left & 1 != 0 {
            power = product(power, base);
        }
        left >>= 1;
        if left == 0 {
            break;
        }
        base = product(base, base);
    }
    if y > 0.0 {
        return power.0;
    }
    let guess = 1.0 / power.0;
    let (one, rest) = exact_product(guess, power.0);
    guess + guess * ((1.0 - one) - rest - guess * power.1)
}

/// The product of two numbers of about 106 bits, each a float and what is left behind it.
fn product(a: (Float, Float), b: (Float, Float)) -> (Float, Float) {
    let (high, low) = exact_product(a.0, b.0);
    let low = low + (a.0 * b.1 + a.1 * b.0);
    let sum = high + low;
    (sum, low - (sum - high))
}

/// The rounded product, and what rounding took away.
fn exact_product(a: Float, b: Float) -> (Float, Float) {
    let halves = |x: Float| {
        let wide = x * 134_217_729.0;
        let high = wide - (wide - x);
        (high, x - high)
    };
    let (all, (ah, al), (bh, bl)) = (a * b, halves(a), halves(b));
    (all, al * bl - (((all - ah * bh) - al * bh) - ah * bl))
}
