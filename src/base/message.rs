//! How a value is written in a message: what it is in a byte, then its number, or its length and bytes, or its items.
//!
//! Invariants
//! - the first bytes are `enum pyr_type_kind` of `pyrite.h`, which the interface to C shares, and `WIDE`;
//! - numbers of seven bits a byte, the lowest first; a signed one has its sign in the lowest bit. A float is its eight bytes;
//! - containers nest `MAX_DEPTH` deep at most, so whoever reads or writes one needs a bounded stack.

use super::sink::{Put, Sink};

pub const NONE: u8 = 1;
pub const BOOL: u8 = 2;
pub const INT: u8 = 3;
pub const FLOAT: u8 = 4;
pub const STR: u8 = 5;
pub const BYTES: u8 = 6;
pub const BYTEARRAY: u8 = 7;
pub const TUPLE: u8 = 8;
pub const LIST: u8 = 9;
pub const DICT: u8 = 10;
/// An int beyond 64 bits: its bytes in two's complement, the lowest first.
pub const WIDE: u8 = 11;

/// Containers in containers.
pub const MAX_DEPTH: usize = 16;

/// Bytes of the longest number with what goes before it.
pub const LONGEST: usize = 11;

/// What follows the first byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Nothing,
    /// A byte, 0 or 1.
    Flag,
    Number,
    Float,
    /// A length, and as many bytes.
    Bytes,
    /// A number of items; of pairs where it is a dict.
    Items,
}

/// `None` where no value begins with this byte.
pub fn shape(kind: u8) -> Option<Shape> {
    Some(match kind {
        NONE => Shape::Nothing,
        BOOL => Shape::Flag,
        INT => Shape::Number,
        FLOAT => Shape::Float,
        STR | BYTES | BYTEARRAY | WIDE => Shape::Bytes,
        TUPLE | LIST | DICT => Shape::Items,
        _ => return None,
    })
}

pub fn put_count(to: &mut dyn Sink, mut n: u64) -> Put {
    while n > 0x7f {
        to.put(n as u8 | 0x80)?;
        n >>= 7;
    }
    to.put(n as u8)
}

pub fn put_int(to: &mut dyn Sink, n: i64) -> Put {
    put_count(to, ((n << 1) ^ (n >> 63)) as u64)
}

/// The number whose bytes `next` gives; `None` where they end early or are too many.
pub fn get_count(mut next: impl FnMut() -> Option<u8>) -> Option<u64> {
    let (mut n, mut shift) = (0u64, 0);
    loop {
        let byte = next()?;
        let bits = u64::from(byte & 0x7f);
        if shift > 63 || shift == 63 && bits > 1 {
            return None;
        }
        n |= bits << shift;
        if byte & 0x80 == 0 {
            return Some(n);
        }
        shift += 7;
    }
}

pub fn signed(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::super::sink::SliceSink;
    use super::*;

    #[test]
    fn numbers_come_back() {
        let edges = [0, 1, -1, 63, 64, -64, -65, 1 << 31, -(1 << 31), i64::MAX, i64::MIN];
        for n in edges {
            let mut room = [0; LONGEST];
            let mut sink = SliceSink::new(&mut room);
            put_int(&mut sink, n).unwrap();
            let mut bytes = sink.bytes().iter().copied();
            assert_eq!(get_count(|| bytes.next()).map(signed), Some(n));
            assert_eq!(bytes.next(), None);
            let mut cut = sink.bytes().iter().copied().take(sink.len() - 1);
            assert_eq!(get_count(|| cut.next()), None);
        }
    }

    #[test]
    fn numbers_of_more_than_64_bits_are_refused() {
        let mut ones = [0xff; 9].into_iter().chain([2]);
        assert_eq!(get_count(|| ones.next()), None);
        let mut endless = core::iter::repeat(0x80);
        assert_eq!(get_count(|| endless.next()), None);
    }
}
