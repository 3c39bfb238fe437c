//! Ints as text: reading literals and `int()` arguments, writing with a format specification.
//!
//! Reading stops at 64 bits and says which digits the big-int path has to read (`limbs::read`).

use super::format_spec::{Number, Spec, put_number};
use super::sink::{Put, Sink, digits};
use super::utf8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntText<'a> {
    Small(i64),
    /// Well formed, but beyond `i64`. `digits` may hold underscores.
    Big {
        negative: bool,
        radix: u32,
        digits: &'a [u8],
    },
    Invalid,
}

/// A text's sign and prefix, and what its digits have said so far: they are read in as many parts as one likes.
pub struct Reading {
    negative: bool,
    pub radix: u32,
    /// Bytes before the digits.
    pub skip: usize,
    value: Option<i64>,
    /// What stands first: 0 before the first digit is read.
    first: u8,
    after_digit: bool,
    /// Zeros may stand before other digits.
    zeros: bool,
}

impl Reading {
    /// `base` is 2..=36, or 0 to go by the prefix, where a decimal must not begin with 0 (`007`). The caller strips blanks.
    pub fn new(text: &[u8], base: u32) -> Reading {
        let (negative, rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let marked = match rest {
            [b'0', b'x' | b'X', ..] => 16,
            [b'0', b'o' | b'O', ..] => 8,
            [b'0', b'b' | b'B', ..] => 2,
            _ => 0,
        };
        let prefixed = marked != 0 && (base == 0 || base == marked);
        let radix = match (prefixed, base) {
            (true, _) => marked,
            (false, 0) => 10,
            (false, base) => base,
        };
        let digits = match rest {
            // `0x_ff` is legal.
            [_, _, b'_', digits @ ..] | [_, _, digits @ ..] if prefixed => digits,
            digits => digits,
        };
        let skip = text.len() - digits.len();
        Reading {
            negative,
            radix,
            skip,
            value: Some(0),
            first: 0,
            after_digit: false,
            zeros: base != 0 || prefixed,
        }
    }
    /// The digits that come next, single underscores between them; false where one is none.
    pub fn read(&mut self, digits: &[u8]) -> bool {
        for byte in digits {
            if *byte == b'_' && self.after_digit {
                self.after_digit = false;
                continue;
            }
            let Some(digit) = utf8::digit_value(*byte).filter(|d| *d < self.radix) else { return false };
            if self.first == 0 {
                self.first = *byte;
            }
            // Counted downwards, because the smallest i64 has no positive twin.
            self.value = self.value.and_then(|v| v.checked_mul(self.radix.into())?.checked_sub(digit.into()));
            self.after_digit = true;
        }
        true
    }
    /// What all the digits mean.
    pub fn end(self, digits: &[u8]) -> IntText<'_> {
        let leading_zero = !self.zeros && self.first == b'0' && self.value != Some(0);
        if !self.after_digit || leading_zero {
            return IntText::Invalid;
        }
        let (negative, radix) = (self.negative, self.radix);
        match self.value.and_then(|v| if negative { Some(v) } else { v.checked_neg() }) {
            Some(value) => IntText::Small(value),
            None => IntText::Big { negative, radix, digits },
        }
    }
}

/// A whole text: sign, prefix, digits.
#[inline(never)]
pub fn parse(text: &[u8], base: u32) -> IntText<'_> {
    let mut reading = Reading::new(text, base);
    let digits = text.get(reading.skip..).unwrap_or(&[]);
    if reading.read(digits) { reading.end(digits) } else { IntText::Invalid }
}

/// How a type of the format mini-language writes ints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntStyle {
    pub radix: u32,
    pub upper: bool,
    /// Shown with `#`.
    pub prefix: &'static [u8],
}

impl IntStyle {
    /// `None` where the type is not one of ints (`c` and the float types are the caller's business).
    pub fn of(kind: u8) -> Option<IntStyle> {
        let (radix, prefix): (_, &[u8]) = match kind {
            0 | b'd' | b'n' | b'i' | b'u' => (10, b""),
            b'b' => (2, b"0b"),
            b'o' => (8, b"0o"),
            b'x' => (16, b"0x"),
            b'X' => (16, b"0X"),
            _ => return None,
        };
        Some(IntStyle { radix, upper: kind == b'X', prefix })
    }
}

/// Writes digits that are there already. A precision is the least number of digits (`'%.3d'`;
/// `format()` does not allow one, so its caller refuses it).
pub fn put_digits(sink: &mut dyn Sink, spec: &Spec, style: IntStyle, negative: bool, digits: &[u8]) -> Put {
    let zeros = (spec.precision.unwrap_or(0) as usize).saturating_sub(digits.len());
    let prefix = if spec.alternate { style.prefix } else { b"" };
    let number = Number { negative, prefix, digits: zeros + digits.len(), tail: 0 };
    put_number(sink, spec, &number, &mut |sink| {
        super::sink::put_repeat(sink, b'0', zeros)?;
        sink.write(digits)
    })
}

pub fn put_int(sink: &mut dyn Sink, spec: &Spec, style: IntStyle, value: i64) -> Put {
    let mut room = [0; 64];
    let digits = digits(&mut room, value.unsigned_abs(), style.radix, style.upper);
    put_digits(sink, spec, style, value < 0, digits)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{string::String, vec::Vec};

    #[test]
    fn reading() {
        for (text, base, want) in [
            ("0", 10, 0),
            ("-0", 0, 0),
            ("000", 0, 0),
            ("007", 10, 7),
            ("+12_345", 0, 12345),
            ("0x_fF", 0, 255),
            ("0xff", 16, 255),
            ("ff", 16, 255),
            ("0b1", 16, 0xb1),
            ("-0b1_01", 0, -5),
            ("0o17", 8, 15),
            ("zZ", 36, 35 * 37),
            ("9223372036854775807", 10, i64::MAX),
            ("-9223372036854775808", 0, i64::MIN),
            ("-0x8000000000000000", 0, i64::MIN),
        ] {
            assert_eq!(parse(text.as_bytes(), base), IntText::Small(want), "{text}");
        }
        for (text, base) in [
            ("", 10),
            ("-", 10),
            ("0x", 0),
            ("0x_", 0),
            ("_1", 10),
            ("1_", 10),
            ("1__2", 10),
            ("0x__1", 0),
            ("12", 2),
            ("007", 0),
            ("0xg", 0),
            ("0x1", 10),
            ("--1", 10),
            (" 1", 10),
            ("1.0", 10),
        ] {
            assert_eq!(parse(text.as_bytes(), base), IntText::Invalid, "{text}");
        }
        for text in ["9223372036854775808", "-9_223372036854775809", "0xffffffffffffffff"] {
            assert!(matches!(parse(text.as_bytes(), 0), IntText::Big { .. }), "{text}");
        }
        let big = parse(b"-0x1_0000_0000_0000_0000", 0);
        assert_eq!(big, IntText::Big { negative: true, radix: 16, digits: b"1_0000_0000_0000_0000" });
        assert_eq!(parse(b"018446744073709551616", 0), IntText::Invalid);
    }

    #[test]
    fn as_python() {
        for (value, spec, want) in [
            (42, "", "42"),
            (-42, "6", "   -42"),
            (-42, "<6", "-42   "),
            (-42, "^7", "  -42  "),
            (-42, "=6", "-   42"),
            (-42, "06", "-00042"),
            (42, "+06x", "+0002a"),
            (42, "#06x", "0x002a"),
            (42, "#X", "0X2A"),
            (42, "#b", "0b101010"),
            (42, "#o", "0o52"),
            (42, " d", " 42"),
            (1234567, ",", "1,234,567"),
            (-123, ",", "-123"),
            (1234, "010,", "00,001,234"),
            (1234, "09,", "0,001,234"),
            (123, "08,", "0,000,123"),
            (123, "04,", "0,123"),
            (123, "03,", "123"),
            (0x12345, "_x", "1_2345"),
            (0x12345, "#012_x", "0x0_0001_2345"),
            (1234567, "*>12_", "***1_234_567"),
            (5, ".3d", "005"),
            (-5, "6.3d", "  -005"),
            (i64::MIN, "", "-9223372036854775808"),
            (7, "<05", "70000"),
            (0, "x", "0"),
        ] {
            let spec = Spec::parse(spec.as_bytes()).unwrap();
            let mut out = Vec::new();
            put_int(&mut out, &spec, IntStyle::of(spec.kind).unwrap(), value).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want, "{spec:?}");
        }
        assert_eq!(IntStyle::of(b'f'), None);
    }
}
