//! Text output without `core::fmt`: a byte sink, a sink over a fixed slice, and integers as text.
//!
//! A sink takes bytes in order and either takes all of a call's bytes or reports `Full`. Writers
//! stop at the first `Full`, so a caller that only wants to know a length uses `Counter`.

/// The sink cannot take the bytes: its memory or its device is at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Result of every function that writes to a sink.
pub type Put = Result<(), Full>;

/// Where text goes. Object safe: formatters take `&mut dyn Sink`, so each is compiled once.
pub trait Sink {
    fn write(&mut self, bytes: &[u8]) -> Put;

    fn put(&mut self, byte: u8) -> Put {
        self.write(&[byte])
    }

    fn put_str(&mut self, text: &str) -> Put {
        self.write(text.as_bytes())
    }

    /// `count` times the same byte.
    #[cfg(not(feature = "tiny"))]
    fn fill(&mut self, byte: u8, count: usize) -> Put {
        let chunk = [byte; 8];
        let mut left = count;
        while left > 0 {
            let n = left.min(chunk.len());
            self.write(chunk.get(..n).unwrap_or(&chunk))?;
            left -= n;
        }
        Ok(())
    }

    /// After a part of work that takes long, amid which somebody else may have a turn.
    #[cfg(not(feature = "tiny"))]
    fn rest(&mut self) -> Put {
        Ok(())
    }
}

/// A sink over a caller's slice. A write that does not fit changes nothing.
pub struct SliceSink<'a> {
    room: &'a mut [u8],
    used: usize,
}

impl<'a> SliceSink<'a> {
    pub fn new(room: &'a mut [u8]) -> Self {
        SliceSink { room, used: 0 }
    }

    pub fn len(&self) -> usize {
        self.used
    }

    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// What was written so far.
    pub fn bytes(&self) -> &[u8] {
        self.room.get(..self.used).unwrap_or(&[])
    }
}

impl Sink for SliceSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> Put {
        let end = self.used.checked_add(bytes.len()).ok_or(Full)?;
        let room = self.room.get_mut(self.used..end).ok_or(Full)?;
        for (to, from) in room.iter_mut().zip(bytes) {
            *to = *from;
        }
        self.used = end;
        Ok(())
    }
}

/// Counts what would be written.
#[derive(Default)]
pub struct Counter(pub usize);

impl Sink for Counter {
    fn write(&mut self, bytes: &[u8]) -> Put {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(())
    }
}

/// The digit character of a value below 36; anything above gives `'?'`.
pub fn digit_char(value: u32, upper: bool) -> u8 {
    match value {
        0..=9 => b'0' + value as u8,
        10..=35 => (if upper { b'A' } else { b'a' }) - 10 + value as u8,
        _ => b'?',
    }
}

/// The most digits whose values fit 32 bits, and the power that they make.
pub fn digit_chunk(radix: u32) -> (usize, u32) {
    let radix = radix.max(2);
    let (mut count, mut power) = (1, radix);
    while let Some(more) = power.checked_mul(radix) {
        power = more;
        count += 1;
    }
    (count, power)
}

/// A number's digits, right-aligned in `room`: 64 bytes hold any, 20 what is decimal. `radix` outside 2..=36 counts as 10.
#[inline(never)]
pub fn digits(room: &mut [u8], mut value: u64, radix: u32, upper: bool) -> &[u8] {
    let radix = if (2..=36).contains(&radix) { radix } else { 10 };
    room.fill(b'0');
    let mut start = room.len();
    // One 64-bit division, a long library call on 32-bit cores, serves as many digits as 32 bits hold.
    while value > u64::from(u32::MAX) {
        let (count, power) = digit_chunk(radix);
        let end = start.saturating_sub(count);
        // Never less than 2; saying so here and below spares the check for zero, which would panic.
        let power = u64::from(power.max(2));
        push_digits(room, start, (value % power) as u32, radix, upper);
        start = end;
        value /= power;
    }
    start = push_digits(room, start, value as u32, radix, upper).min(room.len().saturating_sub(1));
    room.get(start..).unwrap_or(&[])
}

/// Digits before `start`, none for zero; where they begin.
fn push_digits(room: &mut [u8], mut start: usize, mut value: u32, radix: u32, upper: bool) -> usize {
    let radix = radix.max(2);
    while value != 0 {
        start = start.saturating_sub(1);
        if let Some(place) = room.get_mut(start) {
            *place = digit_char(value % radix, upper);
        }
        value /= radix;
    }
    start
}

pub fn put_u64(sink: &mut dyn Sink, value: u64, radix: u32, upper: bool) -> Put {
    sink.write(digits(&mut [0; 64], value, radix, upper))
}

/// Decimal, with a minus sign where needed.
pub fn put_i64(sink: &mut dyn Sink, value: i64) -> Put {
    if value < 0 {
        sink.put(b'-')?;
    }
    put_u64(sink, value.unsigned_abs(), 10, false)
}

/// Lower-case hex of at least `width` digits, zeros in front: addresses, `\xhh` escapes.
pub fn put_hex(sink: &mut dyn Sink, value: u64, width: usize) -> Put {
    let mut room = [0; 16];
    let digits = digits(&mut room, value, 16, false);
    put_repeat(sink, b'0', width.saturating_sub(digits.len()))?;
    sink.write(digits)
}

#[cfg(not(feature = "tiny"))]
pub fn put_repeat(sink: &mut dyn Sink, byte: u8, count: usize) -> Put {
    sink.fill(byte, count)
}
/// Without a way of its own for each sink.
#[cfg(feature = "tiny")]
pub fn put_repeat(sink: &mut dyn Sink, byte: u8, mut count: usize) -> Put {
    let chunk = [byte; 8];
    while count > 0 {
        let n = count.min(chunk.len());
        sink.write(chunk.get(..n).unwrap_or(&chunk))?;
        count -= n;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::String, vec::Vec};

    impl Sink for Vec<u8> {
        fn write(&mut self, bytes: &[u8]) -> Put {
            self.extend_from_slice(bytes);
            Ok(())
        }
    }

    fn text(f: impl FnOnce(&mut dyn Sink) -> Put) -> String {
        let mut out: Vec<u8> = Vec::new();
        f(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn integers() {
        for v in [0i64, 1, -1, 9, 10, i64::MAX, i64::MIN, 4294967296, -4294967295] {
            assert_eq!(text(|s| put_i64(s, v)), format!("{v}"));
            assert_eq!(text(|s| put_u64(s, v as u64, 16, true)), format!("{:X}", v as u64));
            assert_eq!(text(|s| put_u64(s, v as u64, 2, true)), format!("{:b}", v as u64));
            assert_eq!(text(|s| put_hex(s, v as u64, 8)), format!("{:08x}", v as u64));
        }
        for v in [10_000_000_000u64, 1 << 32, u64::MAX, 123_000_000_000_000_000, 999_999_999_999_999_999] {
            assert_eq!(text(|s| put_u64(s, v, 10, false)), format!("{v}"));
            assert_eq!(text(|s| put_u64(s, v, 8, false)), format!("{v:o}"));
        }
        assert_eq!(text(|s| put_u64(s, 35, 36, false)), "z");
        assert_eq!(text(|s| put_repeat(s, b'x', 19)), "x".repeat(19));
    }

    #[test]
    fn slice_is_all_or_nothing() {
        let mut room = [0u8; 4];
        let mut sink = SliceSink::new(&mut room);
        assert_eq!(sink.put_str("abc"), Ok(()));
        assert_eq!(sink.put_str("de"), Err(Full));
        assert_eq!(sink.put(b'd'), Ok(()));
        assert_eq!(sink.put(b'e'), Err(Full));
        assert_eq!(sink.bytes(), b"abcd");
        let mut n = Counter::default();
        n.put_str("hello").unwrap();
        assert_eq!(n.0, 5);
    }
}
