//! The shape of 32-bit floats; `double.rs` says what each constant means.

pub type Float = f32;

pub const FRACTION: u32 = 23;
pub const UNIT: i32 = -149;
pub const RAW_TOP: i32 = 0xff;
pub const SURE_DIGITS: u32 = 6;
pub const WORDS: usize = 8;
pub const POINT_RANGE: (i32, i32) = (40, -45);
pub static TENS: [Float; 11] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];

pub fn to_bits(x: Float) -> u64 {
    u64::from(x.to_bits())
}

pub fn widen(x: Float) -> f64 {
    f64::from(x)
}

pub fn from_bits(bits: u64) -> Float {
    Float::from_bits(bits as u32)
}

/// In the type's own width.
pub fn sqrt(x: Float) -> Float {
    libm::sqrtf(x)
}

pub fn sin(x: Float) -> Float {
    libm::sinf(x)
}

pub fn cos(x: Float) -> Float {
    libm::cosf(x)
}

/// What is left of `x` when whole `y`s are taken away, with the sign of `x`.
pub fn rem(x: Float, y: Float) -> Float {
    libm::fmodf(x, y)
}

/// `sqrt(x * x + y * y)`: where neither square is too large or too small, without the wider type that `hypotf` goes through.
pub fn hypot(x: Float, y: Float) -> Float {
    let square = x * x + y * y;
    // Positive floats are in the order of their bits.
    const FEW: u32 = (1e-20 as Float).to_bits();
    const MANY: u32 = (1e38 as Float).to_bits();
    if (FEW..MANY).contains(&square.to_bits()) {
        return libm::sqrtf(square);
    }
    libm::hypotf(x, y)
}

/// `x ** y`, through the wider type.
pub fn pow(x: Float, y: Float) -> Float {
    libm::pow(x as f64, y as f64) as Float
}
