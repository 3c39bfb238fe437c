//! The format mini-language `[[fill]align][sign][#][0][width][,|_][.precision][type]`, and the writer
//! that pads, signs and groups for ints, strs and floats alike.
//!
//! Writers know the lengths of the parts before they write, so nothing is buffered. Widths count
//! characters. Which types and flags an object takes is its builtin's business; here all are parsed.

use super::sink::{self, Put, Sink};
use super::utf8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// A character; the `0` flag sets it too where no fill is given.
    pub fill: u32,
    /// `<`, `>`, `^`, `=`, or 0 where not given.
    pub align: u8,
    /// `+`, space, or `-` (also where not given).
    pub sign: u8,
    /// `#`.
    pub alternate: bool,
    /// The `0` before the width: numbers are padded after the sign unless `align` is given.
    pub zero: bool,
    pub width: u32,
    /// `,` or `_`, or 0.
    pub group: u8,
    pub precision: Option<u32>,
    /// 0 where not given.
    pub kind: u8,
}

impl Spec {
    pub const PLAIN: Spec = Spec {
        fill: 0x20,
        align: 0,
        sign: b'-',
        alternate: false,
        zero: false,
        width: 0,
        group: 0,
        precision: None,
        kind: 0,
    };

    /// `None`: "invalid format specifier". The type may be any ASCII letter or `%`.
    #[inline(never)]
    pub fn parse(text: &[u8]) -> Option<Spec> {
        let mut spec = Spec::PLAIN;
        let mut fill = None;
        let mut rest = text;
        if let Some((ch, len)) = utf8::decode(text)
            && let Some([align @ (b'<' | b'>' | b'^' | b'='), after @ ..]) = text.get(len..)
        {
            fill = Some(ch);
            spec.align = *align;
            rest = after;
        } else if let [align @ (b'<' | b'>' | b'^' | b'='), after @ ..] = text {
            spec.align = *align;
            rest = after;
        }
        if let [sign @ (b'+' | b'-' | b' '), after @ ..] = rest {
            spec.sign = *sign;
            rest = after;
        }
        spec.alternate = take(&mut rest, b'#');
        spec.zero = take(&mut rest, b'0');
        spec.fill = fill.unwrap_or(if spec.zero { 0x30 } else { 0x20 });
        spec.width = take_number(&mut rest)?.unwrap_or(0);
        if let [group @ (b',' | b'_'), after @ ..] = rest {
            spec.group = *group;
            rest = after;
        }
        if take(&mut rest, b'.') {
            spec.precision = Some(take_number(&mut rest)??);
        }
        if let [kind @ (b'a'..=b'z' | b'A'..=b'Z' | b'%'), after @ ..] = rest {
            spec.kind = *kind;
            rest = after;
        }
        rest.is_empty().then_some(spec)
    }

    fn put_fill(&self, sink: &mut dyn Sink, count: usize) -> Put {
        let Some((bytes, len)) = utf8::encode(self.fill) else { return Ok(()) };
        if let [byte, ..] = bytes
            && len == 1
        {
            return sink::put_repeat(sink, byte, count);
        }
        for _ in 0..count {
            sink.write(bytes.get(..len).unwrap_or(&[]))?;
        }
        Ok(())
    }

    /// Digits between two separators; 0 for none.
    fn group_size(&self) -> usize {
        match (self.group, self.kind) {
            (0, _) => 0,
            (_, b'b' | b'o' | b'x' | b'X') => 4,
            _ => 3,
        }
    }
}

fn take(rest: &mut &[u8], byte: u8) -> bool {
    match rest {
        [first, after @ ..] if *first == byte => {
            *rest = after;
            true
        }
        _ => false,
    }
}

/// Digits, if any stand here; the outer `None` is a number beyond 2^31 - 1.
fn take_number(rest: &mut &[u8]) -> Option<Option<u32>> {
    let mut number = None;
    while let [digit @ b'0'..=b'9', after @ ..] = *rest {
        let value = number.unwrap_or(0u32).checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
        number = Some(value).filter(|v| *v <= i32::MAX as u32);
        number?;
        *rest = after;
    }
    Some(number)
}

/// Writes `text` cut to the precision and padded to the width, to the left unless an align is given.
pub fn put_str(sink: &mut dyn Sink, spec: &Spec, text: &[u8]) -> Put {
    let cut = spec.precision.and_then(|n| utf8::offset_of(text, n as usize)).unwrap_or(text.len());
    let text = text.get(..cut).unwrap_or(text);
    let pad = (spec.width as usize).saturating_sub(utf8::count(text));
    let left = match spec.align {
        b'>' | b'=' => pad,
        b'^' => pad / 2,
        _ => 0,
    };
    spec.put_fill(sink, left)?;
    sink.write(text)?;
    spec.put_fill(sink, pad - left)
}

/// The parts of a number that go around its digits.
pub struct Number<'a> {
    pub negative: bool,
    /// `0x` and the like.
    pub prefix: &'a [u8],
    /// Digits before the point: these are grouped and zero-padded.
    pub digits: usize,
    /// Characters after them: point, fraction, exponent, percent sign; all of `inf`.
    pub tail: usize,
}

/// Writes a number, padded on the left unless an align is given. `write` puts the digits and then the
/// tail, exactly as many bytes as announced.
#[inline(never)]
pub fn put_number(
    sink: &mut dyn Sink,
    spec: &Spec,
    number: &Number,
    write: &mut dyn FnMut(&mut dyn Sink) -> Put,
) -> Put {
    let sign: &[u8] = match (number.negative, spec.sign) {
        (true, _) => b"-",
        (_, b'+') => b"+",
        (_, b' ') => b" ",
        _ => b"",
    };
    let align = match spec.align {
        0 if spec.zero => b'=',
        align => align,
    };
    let width = spec.width as usize;
    // Words such as `inf` are padded, not grouped.
    let every = if number.digits == 0 { 0 } else { spec.group_size() };
    let separators = |digits: usize| digits.saturating_sub(1).checked_div(every).unwrap_or(0);
    let around = sign.len() + number.prefix.len() + number.tail;
    let mut digits = number.digits;
    if align == b'=' && spec.fill == 0x30 {
        let room = width.saturating_sub(around);
        let least = room - room.checked_div(every + 1).filter(|_| every > 0).unwrap_or(0);
        digits = digits.max(least);
        digits += usize::from(digits + separators(digits) < room);
    }
    let pad = width.saturating_sub(around + digits + separators(digits));
    let (left, middle) = match align {
        b'<' => (0, 0),
        b'^' => (pad / 2, 0),
        b'=' => (0, pad),
        _ => (pad, 0),
    };
    spec.put_fill(sink, left)?;
    sink.write(sign)?;
    sink.write(number.prefix)?;
    spec.put_fill(sink, middle)?;
    if every == 0 {
        sink::put_repeat(sink, b'0', digits - number.digits)?;
        write(sink)?;
    } else {
        let mut grouped = Grouped { sink: &mut *sink, left: digits, every, separator: spec.group };
        sink::put_repeat(&mut grouped, b'0', digits - number.digits)?;
        write(&mut grouped)?;
    }
    spec.put_fill(sink, pad - left - middle)
}

/// Passes bytes on and puts a separator between groups until `left` digits have gone by.
struct Grouped<'a> {
    sink: &'a mut dyn Sink,
    left: usize,
    every: usize,
    separator: u8,
}

impl Sink for Grouped<'_> {
    fn write(&mut self, bytes: &[u8]) -> Put {
        for byte in bytes {
            self.sink.put(*byte)?;
            if self.left > 0 {
                self.left -= 1;
                if self.left > 0 && self.left.checked_rem(self.every) == Some(0) {
                    self.sink.put(self.separator)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{string::String, vec::Vec};

    #[test]
    fn fields() {
        let s = Spec::parse("é^+#020_.3f".as_bytes()).unwrap();
        assert_eq!((s.fill, s.align, s.sign, s.alternate, s.zero), (0xe9, b'^', b'+', true, true));
        assert_eq!((s.width, s.group, s.precision, s.kind), (20, b'_', Some(3), b'f'));
        assert_eq!(Spec::parse(b""), Some(Spec::PLAIN));
        assert_eq!(Spec::parse(b"<<5").unwrap().fill, b'<'.into());
        assert_eq!(Spec::parse(b"05").unwrap().fill, 0x30);
        assert_eq!(Spec::parse(b"x<05").unwrap().fill, b'x'.into());
        for bad in ["5.", ".f", "99999999999", "5dd", "5,,", "[5", "4294967296", "2147483648", ".2147483648"]
        {
            assert_eq!(Spec::parse(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn strings() {
        for (spec, text, want) in [
            ("5", "ab", "ab   "),
            (">5", "é", "    é"),
            ("^6", "abc", " abc  "),
            (".2", "é€z", "é€"),
            ("*<4.1", "xyz", "x***"),
            ("05", "a", "a0000"),
            ("€^5", "a", "€€a€€"),
            ("1", "abc", "abc"),
        ] {
            let mut out = Vec::new();
            put_str(&mut out, &Spec::parse(spec.as_bytes()).unwrap(), text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }
}
