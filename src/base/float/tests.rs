//! The oracle is the standard library, whose conversions are exact at any precision.
extern crate std;
use super::*;
use crate::base::format_spec::Spec;
use std::{format, string::String, vec::Vec};

#[cfg(feature = "float-double")]
type Bits = u64;
#[cfg(not(feature = "float-double"))]
type Bits = u32;

/// What `parse` says, which both ways of reading agree on.
fn parse(text: &[u8]) -> Option<Float> {
    let read = super::parse(text);
    for most in [1, 7, 64] {
        let in_pieces: Result<_, ()> = parse_long(false, &mut |at: usize, room: &mut [u8]| {
            let n = room.len().min(most).min(text.len() - at);
            room[..n].copy_from_slice(&text[at..at + n]);
            Ok(n)
        });
        let words = text.iter().any(|b| b.is_ascii_alphabetic() && !b"eE".contains(b));
        if !words {
            assert_eq!(in_pieces.unwrap().map(Float::to_bits), read.map(Float::to_bits), "{text:?}");
        }
    }
    read
}

#[test]
fn reading_stops_where_the_caller_does() {
    let text = String::from("0.") + &"123456789".repeat(300);
    for limit in 0..40 {
        let mut calls = 0;
        let read = parse_long(false, &mut |at: usize, room: &mut [u8]| {
            calls += 1;
            let n = room.len().min(text.len() - at);
            room[..n].copy_from_slice(&text.as_bytes()[at..at + n]);
            if calls > limit { Err(calls) } else { Ok(n) }
        });
        assert_eq!(read, Err(limit + 1));
    }
}

#[test]
fn underscores_stand_between_digits() {
    let read = |text: &str| {
        parse_long::<()>(true, &mut |at: usize, room: &mut [u8]| {
            let n = room.len().min(text.len() - at);
            room[..n].copy_from_slice(&text.as_bytes()[at..at + n]);
            Ok(n)
        })
        .unwrap()
    };
    assert_eq!(read("1_0.2_5e1_0"), Some(10.25e10));
    for bad in [
        "_1", "1_", "1__0", "1_.5", "1._5", "1e_5", "1e5_", "1_e5", "-_1", "1-1", "", "-", ".", "e5", "1e",
        "1e+",
    ] {
        assert_eq!(read(bad), None, "{bad}");
    }
}

/// `PYRITE_ROUNDS=400000 cargo test --release base::float` is the thorough run.
fn rounds() -> usize {
    let wanted = std::env::var("PYRITE_ROUNDS").ok().and_then(|n| n.parse().ok());
    wanted.unwrap_or(if cfg!(miri) { 50 } else { 3_000 })
}

struct Random(u64);
impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// All exponents, everyday decimals, powers of two and their neighbours, subnormals, ties.
fn samples() -> Vec<Float> {
    let mut r = Random(0x9e37_79b9_7f4a_7c15);
    let mut out = Vec::new();
    for i in 0..rounds() {
        let x = match i % 6 {
            0 | 1 => Float::from_bits(r.next() as Bits),
            2 => (r.below(2_000_000) as Float - 1e6) / shape::TENS[r.below(8) as usize],
            3 => r.next() as Float * (2.0 as Float).powi(r.below(160) as i32 - 100),
            4 => Float::from_bits(
                ((r.below(shape::RAW_TOP as u64) << shape::FRACTION) + r.below(5)).wrapping_sub(2) as Bits,
            ),
            _ => r.below(1 << 20) as Float / (1u64 << r.below(20)) as Float,
        };
        if x.is_finite() {
            out.push(x.abs());
        }
    }
    out.extend([
        Float::MAX,
        Float::MIN_POSITIVE,
        Float::from_bits(1),
        Float::EPSILON,
        0.1,
        9.995,
        0.5,
        1.5,
        2.5,
        1e15,
        1e16,
        1e22,
        1e23,
    ]);
    out
}

fn text(f: impl FnOnce(&mut dyn crate::base::sink::Sink) -> crate::base::sink::Put) -> String {
    let mut out: Vec<u8> = Vec::new();
    f(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn spec(x: Float, s: &str) -> String {
    text(|out| put_spec(out, x, &Spec::parse(s.as_bytes()).unwrap()))
}

fn repr(x: Float) -> String {
    text(|out| put_repr(out, x))
}

/// `std` writes `1.5e-7`; Python wants a sign and two digits.
fn python_exponent(s: &str) -> String {
    let (m, e) = s.split_once('e').unwrap();
    let n: i32 = e.parse().unwrap();
    format!("{m}e{}{:02}", if n < 0 { '-' } else { '+' }, n.abs())
}

#[test]
fn shortest_digits() {
    for x in samples() {
        let want = format!("{x:e}");
        let (m, e) = want.split_once('e').unwrap();
        let exponent: i32 = e.parse().unwrap();
        let want = if x == 0.0 {
            String::from("0.0")
        } else if (-4..16).contains(&exponent) {
            format!("{x:?}").replace("e16", "")
        } else {
            python_exponent(&format!("{m}e{e}"))
        };
        let got = repr(x);
        // `std` takes the upper of two equally close texts, CPython the even one.
        let tie = got.len() == want.len() && got < want && spec(x, ".40e").contains("500000000000000000");
        if !tie && (got.contains('e') || exponent < 15 && exponent > -4) {
            assert_eq!(got, want, "{x:e}");
        }
        assert_eq!(got.parse::<Float>().unwrap(), x, "{got}");
        assert_eq!(parse(got.as_bytes()), Some(x), "{got}");
    }
}

#[test]
fn slow_and_quick_agree() {
    use digits::{Places, Rounded};
    for x in samples().into_iter().filter(|x| *x != 0.0) {
        for (a, b) in [
            (Rounded::shortest(x), digits::slow_shortest(parts(x))),
            (
                Rounded::new(x, Places::Significant(6), &mut digits::Pace::none()),
                digits::slow_rounded(parts(x), Places::Significant(6), &mut digits::Pace::none()),
            ),
            (
                Rounded::new(x, Places::AfterPoint(3), &mut digits::Pace::none()),
                digits::slow_rounded(parts(x), Places::AfterPoint(3), &mut digits::Pace::none()),
            ),
        ] {
            let list = |r: &Rounded| {
                let mut v = Vec::new();
                r.each(&mut |d| {
                    v.push(d);
                    Ok(())
                })
                .unwrap();
                v
            };
            assert_eq!(list(&a), list(&b), "{x:e}");
            assert!(a.len == 0 || a.point == b.point, "{x:e}");
        }
    }
}

#[test]
fn fixed_and_exponent() {
    let mut r = Random(77);
    for x in samples() {
        let p = if r.below(50) == 0 { r.below(900) } else { r.below(24) } as usize;
        assert_eq!(spec(x, &format!(".{p}f")), format!("{x:.p$}"), "{x:e} .{p}f");
        assert_eq!(spec(x, &format!(".{p}e")), python_exponent(&format!("{x:.p$e}")), "{x:e} .{p}e");
        // %g: its significant digits are those of %e.
        let got: f64 = spec(x, &format!(".{}g", p + 1)).parse().unwrap();
        let want: f64 = format!("{x:.p$e}").parse().unwrap();
        assert_eq!(got, want, "{x:e} .{p}g");
    }
}

#[test]
fn reading() {
    let mut r = Random(5);
    for _ in 0..rounds() {
        let mut s = String::new();
        let most = if r.below(9) == 0 { 60 } else { 24 };
        for _ in 0..1 + r.below(most) {
            s.push((b'0' + r.below(10) as u8) as char);
        }
        if r.below(2) == 0 {
            s.insert(r.below(s.len() as u64 + 1) as usize, '.');
        }
        if r.below(3) > 0 {
            s += &format!("e{}", r.below(700) as i64 - 370);
        }
        let want: Float = s.parse().unwrap();
        assert_eq!(parse(s.as_bytes()).unwrap().to_bits(), want.to_bits(), "{s}");
    }
}

#[test]
fn reading_midpoints() {
    let mut r = Random(6);
    for i in 0..rounds() / 30 {
        let x = Float::from_bits(r.next() as Bits & !(1 << (Bits::BITS - 1)));
        let x = if i % 4 == 0 { Float::from_bits(r.below(1 << 20) as Bits) } else { x };
        if !x.is_finite() || x == Float::MAX {
            continue;
        }
        let source = parts(x);
        let half =
            Parts { mantissa: source.mantissa * 2 + 1, exponent: source.exponent - 1, narrow_below: false };
        let mut exact = digits::Exact::EMPTY;
        exact.start(half);
        let mut digits = String::new();
        while !exact.is_done() {
            digits.push((b'0' + exact.next()) as char);
        }
        let point = exact.point;
        let above = Float::from_bits(x.to_bits() + 1);
        let even = if x.to_bits() & 1 == 0 { x } else { above };
        let tail = format!("e{point}");
        assert_eq!(parse(format!("0.{digits}{tail}").as_bytes()), Some(even));
        assert_eq!(parse(format!("0.{digits}0000{tail}").as_bytes()), Some(even));
        assert_eq!(parse(format!("0.{digits}00001{tail}").as_bytes()), Some(above));
        let last = digits.pop().unwrap();
        let below = (last as u8 - 1) as char;
        assert_eq!(parse(format!("0.{digits}{below}9999{tail}").as_bytes()), Some(x));
    }
}

#[test]
fn odd_texts() {
    for (s, want) in [
        ("1", 1.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-0", -0.0),
        ("+1e3", 1000.0),
        ("1E-2", 0.01),
        ("iNf", Float::INFINITY),
        ("-Infinity", Float::NEG_INFINITY),
        ("1e99999999999", Float::INFINITY),
        ("1e-99999999999", 0.0),
        ("0e99999999999", 0.0),
        ("0.000000000000000000000000000001e30", 1.0),
        ("1000000000000000000000000000000e-30", 1.0),
    ] {
        assert_eq!(parse(s.as_bytes()).map(Float::to_bits), Some((want as Float).to_bits()), "{s}");
    }
    assert!(parse(b"-nan").unwrap().is_nan());
    for s in [
        "", ".", "e5", "1e", "1e+", "1.2.3", "1x", " 1", "1_0", "--1", "+-1", ".e1", "in", "1e1.5", "0x1",
        "infi",
    ] {
        assert_eq!(parse(s.as_bytes()), None, "{s}");
    }
}

/// What CPython prints.
#[cfg(feature = "float-double")]
#[test]
fn as_python() {
    for (x, s, want) in [
        (0.0, "", "0.0"),
        (-0.0, "", "-0.0"),
        (1e16, "", "1e+16"),
        (123456789012345680.0, "", "1.2345678901234568e+17"),
        (9999999999999998.0, "", "9999999999999998.0"),
        (0.0001, "", "0.0001"),
        (0.00001, "", "1e-05"),
        (f64::INFINITY, "", "inf"),
        (f64::NEG_INFINITY, "F", "-INF"),
        (-f64::NAN, "+E", "+NAN"),
        (123.0, ".3", "1.23e+02"),
        (123.0, ".4", "123.0"),
        (1234567.0, ".3", "1.23e+06"),
        (1.5, ".0", "2e+00"),
        (1.5, ".0f", "2"),
        (2.5, ".0f", "2"),
        (2.5, "#.0f", "2."),
        (0.5, ".0f", "0"),
        (0.05, ".1%", "5.0%"),
        (0.125, "%", "12.500000%"),
        (1e6, "g", "1e+06"),
        (1e5, "g", "100000"),
        (1e5, "#g", "100000."),
        (0.0, "g", "0"),
        (0.0, "#g", "0.00000"),
        (0.0, "e", "0.000000e+00"),
        (1e-5, "G", "1E-05"),
        (3.25, "#.3", "3.25"),
        (100.0, "n", "100"),
        (1e20, "#", "1.e+20"),
        (
            1e100,
            ".1f",
            "10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.0",
        ),
        (-3.5, "08.2f", "-0003.50"),
        (3.5, "+8.2f", "   +3.50"),
        (3.5, "<8.2f", "3.50    "),
        (3.5, "*^9", "***3.5***"),
        (1234567.891, ",.2f", "1,234,567.89"),
        (1234.5, "012,.1f", "00,001,234.5"),
        (1234.5, "011,.1f", "0,001,234.5"),
        (1234.5, "_", "1_234.5"),
        (999999.9, "g", "1e+06"),
        (99.99, ".3g", "100"),
        (0.00009999, ".2g", "0.0001"),
        (f64::INFINITY, "08", "00000inf"),
        (f64::INFINITY, "010,", "0000000inf"),
        (9.5, ".0e", "1e+01"),
        (8.5, ".0e", "8e+00"),
        (0.001, ".2f", "0.00"),
        (1e-10, ".3f", "0.000"),
        (0.00051, ".3f", "0.001"),
        (2569463.5981445312, "", "2569463.5981445312"),
        (5e-324, "", "5e-324"),
        (5.684341886080802e-14, "", "5.684341886080802e-14"),
        (1.7976931348623157e308, "", "1.7976931348623157e+308"),
    ] {
        assert_eq!(spec(x, s), want, "{x:e} {s:?}");
    }
    assert_eq!(spec(5e-324, ".1074f").len(), 1076);
    assert_eq!(spec(0.5, ".3000f").len(), 3002);
}
