//! Binary layouts: format strings of `struct`, typecodes of `array` and `memoryview`, and raw numbers in
//! either byte order.
//!
//! A letter is looked up in one table. Native order ('@', and arrays) has the C compiler's sizes and
//! alignment; the other orders have standard sizes and none.

#[cfg(any(feature = "float-double", feature = "float-single"))]
use super::float::{self, Float};

/// What an item becomes in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackKind {
    /// `x`: takes no value.
    Pad,
    /// `s`: one bytes value of `count` bytes.
    Bytes,
    /// `c`: a bytes value of length one.
    Char,
    Bool,
    Signed,
    Unsigned,
    Float,
    /// `O`: a reference to an object.
    #[cfg(feature = "extra")]
    Object,
    /// `S`: the address of a str's text.
    #[cfg(feature = "extra")]
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackCode {
    pub kind: PackKind,
    pub size: u8,
    pub align: u8,
}

/// Letter, kind, standard size, native size and alignment.
type Row = (u8, PackKind, u8, u8, u8);

const WORD: u8 = size_of::<usize>() as u8;
const WIDE: u8 = align_of::<u64>() as u8;

#[rustfmt::skip]
static CODES: &[Row] = &[
    (b'x', PackKind::Pad, 1, 1, 1),
    (b's', PackKind::Bytes, 1, 1, 1),
    (b'c', PackKind::Char, 1, 1, 1),
    (b'?', PackKind::Bool, 1, 1, 1),
    (b'b', PackKind::Signed, 1, 1, 1),
    (b'B', PackKind::Unsigned, 1, 1, 1),
    (b'h', PackKind::Signed, 2, 2, 2),
    (b'H', PackKind::Unsigned, 2, 2, 2),
    (b'i', PackKind::Signed, 4, 4, 4),
    (b'I', PackKind::Unsigned, 4, 4, 4),
    (b'l', PackKind::Signed, 4, WORD, WORD),
    (b'L', PackKind::Unsigned, 4, WORD, WORD),
    (b'q', PackKind::Signed, 8, 8, WIDE),
    (b'Q', PackKind::Unsigned, 8, 8, WIDE),
    (b'P', PackKind::Unsigned, WORD, WORD, WORD),
    #[cfg(feature = "extra")]
    (b'O', PackKind::Object, WORD, WORD, WORD),
    #[cfg(feature = "extra")]
    (b'S', PackKind::Text, WORD, WORD, WORD),
    (b'e', PackKind::Float, 2, 2, 2),
    (b'f', PackKind::Float, 4, 4, 4),
    (b'd', PackKind::Float, 8, 8, WIDE),
];

const HAS_FLOAT: bool = cfg!(any(feature = "float-double", feature = "float-single"));

/// `None`: "bad typecode".
pub fn code(letter: u8, native: bool) -> Option<PackCode> {
    let (_, kind, standard, size, align) = *CODES.iter().find(|row| row.0 == letter)?;
    if kind == PackKind::Float && !HAS_FLOAT {
        return None;
    }
    Some(match native {
        true => PackCode { kind, size, align },
        false => PackCode { kind, size: standard, align: 1 },
    })
}

/// The layout of an array's items: integers and floats, but no half floats.
pub fn array_code(letter: u8) -> Option<PackCode> {
    code(letter, true).filter(|code| match code.kind {
        PackKind::Signed | PackKind::Unsigned => letter != b'P',
        PackKind::Float => code.size > 2,
        _ => false,
    })
}

/// A stretch of equal items in a format string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackRun {
    pub code: PackCode,
    /// Items; for `Bytes` the length of the one item; for `Pad` bytes.
    pub count: usize,
    /// Of the first item, from the start of the struct; the others follow without gaps.
    pub offset: usize,
}

impl PackRun {
    /// How many Python values the run takes or gives.
    pub fn values(&self) -> usize {
        match self.code.kind {
            PackKind::Pad => 0,
            PackKind::Bytes => 1,
            _ => self.count,
        }
    }
}

/// Unknown letter, count without a letter, or a size beyond memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadFormat;

/// Walks a format string. After the last run `end` is the size of the struct.
#[derive(Clone)]
pub struct PackFormat<'a> {
    rest: &'a [u8],
    native: bool,
    pub big_endian: bool,
    pub end: usize,
}

impl<'a> PackFormat<'a> {
    pub fn new(format: &'a [u8]) -> PackFormat<'a> {
        let host = cfg!(target_endian = "big");
        let (native, big_endian, rest) = match format {
            [b'@', rest @ ..] => (true, host, rest),
            [b'=', rest @ ..] => (false, host, rest),
            [b'<', rest @ ..] => (false, false, rest),
            [b'>' | b'!', rest @ ..] => (false, true, rest),
            rest => (true, host, rest),
        };
        PackFormat { rest, native, big_endian, end: 0 }
    }

    /// Goes on where another walk over the same text was: bytes that were left of it, and its `end`.
    pub fn go_on(&mut self, left: usize, end: usize) {
        let from = self.rest.len().saturating_sub(left);
        self.rest = self.rest.get(from..).unwrap_or(&[]);
        self.end = end;
    }
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// Size of the struct and number of values.
    pub fn measure(mut self) -> Result<(usize, usize), BadFormat> {
        let mut values = 0usize;
        for run in self.by_ref() {
            values = values.checked_add(run?.values()).ok_or(BadFormat)?;
        }
        Ok((self.end, values))
    }

    fn take_run(&mut self, mut letter: u8) -> Option<PackRun> {
        let mut count = letter.is_ascii_digit().then_some(0usize);
        while letter.is_ascii_digit() {
            count = Some(count?.checked_mul(10)?.checked_add((letter - b'0').into())?);
            let (next, rest) = self.rest.split_first()?;
            (letter, self.rest) = (*next, rest);
        }
        let count = count.unwrap_or(1);
        let code = code(letter, self.native)?;
        let align = usize::from(code.align);
        let offset = self.end.checked_add(align - 1)? & !(align - 1);
        self.end = offset.checked_add(count.checked_mul(code.size.into())?)?;
        (self.end <= isize::MAX as usize).then_some(PackRun { code, count, offset })
    }
}

impl Iterator for PackFormat<'_> {
    type Item = Result<PackRun, BadFormat>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (letter, rest) = self.rest.split_first()?;
            self.rest = rest;
            if !letter.is_ascii_whitespace() {
                let run = self.take_run(*letter);
                if run.is_none() {
                    self.rest = &[];
                }
                return Some(run.ok_or(BadFormat));
            }
        }
    }
}

/// The bytes as an unsigned number; beyond eight bytes the high ones are lost.
pub fn get_bits(bytes: &[u8], big_endian: bool) -> u64 {
    let step = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
    if big_endian { bytes.iter().fold(0, step) } else { bytes.iter().rev().fold(0, step) }
}

/// The bytes as a signed number.
pub fn get_signed(bytes: &[u8], big_endian: bool) -> i64 {
    let unused = 64 - 8 * bytes.len().clamp(1, 8) as u32;
    (get_bits(bytes, big_endian) << unused) as i64 >> unused
}

/// Stores the low bytes of `bits`.
pub fn put_bits(out: &mut [u8], big_endian: bool, mut bits: u64) {
    let mut put = |byte: &mut u8| {
        *byte = bits as u8;
        bits >>= 8;
    };
    if big_endian { out.iter_mut().rev().for_each(&mut put) } else { out.iter_mut().for_each(&mut put) }
}

/// Whether a number fits an integer item (`OverflowError` where it must).
pub fn fits(code: PackCode, value: i64) -> bool {
    let bits = u32::from(code.size) * 8;
    match code.kind {
        PackKind::Unsigned => value >= 0 && (bits >= 64 || value >> bits == 0),
        _ => bits >= 64 || value >> (bits - 1) == value >> 63,
    }
}

/// Reads a float item of 2, 4 or 8 bytes.
#[cfg(any(feature = "float-double", feature = "float-single"))]
pub fn get_float(bytes: &[u8], big_endian: bool) -> Float {
    let bits = get_bits(bytes, big_endian);
    match bytes.len() {
        2 => from_half(bits as u16),
        4 => f32::from_bits(bits as u32) as Float,
        _ => f64::from_bits(bits) as Float,
    }
}

/// Writes a float item of 2, 4 or 8 bytes; what is too large becomes infinite.
#[cfg(any(feature = "float-double", feature = "float-single"))]
pub fn put_float(out: &mut [u8], big_endian: bool, x: Float) {
    let bits = match out.len() {
        2 => to_half(x).into(),
        4 => (float::widen(x) as f32).to_bits().into(),
        _ => float::widen(x).to_bits(),
    };
    put_bits(out, big_endian, bits);
}

#[cfg(any(feature = "float-double", feature = "float-single"))]
fn from_half(bits: u16) -> Float {
    let (raw, fraction) = (bits >> 10 & 31, bits & 0x3ff);
    let size = match raw {
        31 if fraction != 0 => Float::NAN,
        31 => Float::INFINITY,
        0 => Float::from(fraction) / (1 << 24) as Float,
        _ => Float::from(fraction | 0x400) * (1u32 << (raw - 1)) as Float / (1 << 24) as Float,
    };
    if bits >> 15 != 0 { -size } else { size }
}

/// Rounds to nearest, ties to even.
#[cfg(any(feature = "float-double", feature = "float-single"))]
fn to_half(x: Float) -> u16 {
    let sign = u16::from(x.is_sign_negative()) << 15;
    let size = x.abs();
    let Some((mantissa, exponent)) = float::split(size) else {
        return sign | if size.is_nan() { 0x7e00 } else { 0x7c00 };
    };
    if size >= 65520.0 {
        return sign | 0x7c00;
    }
    // Units of 2^-24 and up, such that 11 bits remain; the scaling is exact.
    let top = exponent + 63 - mantissa.leading_zeros() as i32;
    let above = (top - 10 + 24).max(0) as u32;
    let units = size * (1 << 24) as Float / (1u64 << above) as Float;
    let whole = units as u32;
    let rest = units - whole as Float;
    let up = rest > 0.5 || rest == 0.5 && whole & 1 != 0;
    // A carry out of the fraction raises the exponent, as it should.
    sign | ((above << 10) + whole + u32::from(up)) as u16
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn measure(format: &str) -> Result<(usize, usize), BadFormat> {
        PackFormat::new(format.as_bytes()).measure()
    }

    #[test]
    fn sizes() {
        for (format, want) in [
            ("<bI", (5, 2)),
            (">bxI3xH", (11, 3)),
            ("100sI", (104, 2)),
            ("97sI", (104, 2)),
            ("7xx", (8, 0)),
            ("bI", (8, 2)),
            ("b0I", (4, 1)),
            ("hb h", (6, 3)),
            ("<3B2h", (7, 5)),
            ("=lL", (8, 2)),
            ("@l", (size_of::<usize>(), 1)),
            ("<?c", (2, 2)),
            ("0s", (0, 1)),
            ("", (0, 0)),
        ] {
            assert_eq!(measure(format), Ok(want), "{format}");
        }
        for bad in ["z", "3", "<1", "I<", "99999999999999999999999B", "9223372036854775807q", "b\0"] {
            assert_eq!(measure(bad), Err(BadFormat), "{bad}");
        }
        let runs: Vec<_> = PackFormat::new(b"<B3xq").map(|r| r.unwrap().offset).collect();
        assert_eq!(runs, [0, 1, 4]);
        assert_eq!(measure("<efd"), if HAS_FLOAT { Ok((14, 3)) } else { Err(BadFormat) });
        assert!(PackFormat::new(b"!I").big_endian && !PackFormat::new(b"<I").big_endian);
        assert!(array_code(b'Q').is_some() && array_code(b'x').is_none() && array_code(b'e').is_none());
    }

    #[test]
    fn numbers() {
        let mut out = [0; 4];
        put_bits(&mut out, true, 0x1_0203_0405);
        assert_eq!(out, [2, 3, 4, 5]);
        assert_eq!(get_bits(&out, false), 0x0504_0302);
        assert_eq!(get_signed(&[0xfe, 0xff], false), -2);
        assert_eq!(get_signed(&[0x80], true), -128);
        assert_eq!(get_signed(&[0xff; 8], true), -1);
        let fits = |letter, value| super::fits(code(letter, false).unwrap(), value);
        assert!(
            fits(b'b', -128) && !fits(b'b', 128) && !fits(b'B', -1) && fits(b'B', 255) && !fits(b'B', 256)
        );
        assert!(
            fits(b'I', 0xffff_ffff) && !fits(b'i', 0x8000_0000) && fits(b'q', i64::MIN) && !fits(b'Q', -1)
        );
    }

    #[cfg(any(feature = "float-double", feature = "float-single"))]
    #[test]
    fn floats() {
        for bits in 0..=0xffffu16 {
            let x = from_half(bits);
            assert!(x.is_nan() || to_half(x) == bits, "{bits:x}");
            // Between neighbours the nearer wins, and halfway the even one.
            let next = from_half(bits.wrapping_add(1));
            if (bits + (bits < 0xffff) as u16) & 0x7fff <= 0x7bff && bits & 0x7fff < 0x7bff {
                let even = if bits & 1 == 0 { bits } else { bits + 1 };
                assert_eq!(to_half((x + next) / 2.0), even, "{bits:x}");
                assert_eq!(to_half(x + (next - x) * 0.49), bits, "{bits:x}");
                assert_eq!(to_half(x + (next - x) * 0.51), bits + 1, "{bits:x}");
            }
        }
        assert_eq!((to_half(65519.9), to_half(65520.0), to_half(1e-30)), (0x7bff, 0x7c00, 0));
        let mut out = [0; 8];
        put_float(&mut out, true, -1.5);
        assert_eq!((f64::from_be_bytes(out), get_float(&out, true)), (-1.5, -1.5));
        put_float(&mut out[..4], false, 0.25);
        assert_eq!(get_float(&out[..4], false), 0.25);
        put_float(&mut out[..2], false, 1.0);
        assert_eq!(out[..2], [0, 0x3c]);
    }
}
