//! Two's complement views of signed magnitudes: bit operations and bytes.

use super::{Limb, add_small, bit_length, limb, sub_small, used};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitOp {
    And,
    Or,
    Xor,
}

impl BitOp {
    fn of(self, a: u32, b: u32) -> u32 {
        match self {
            BitOp::And => a & b,
            BitOp::Or => a | b,
            BitOp::Xor => a ^ b,
        }
    }
}

/// Negates limbs one after another, where wanted: the way into two's complement and out of it.
struct Negate {
    mask: u32,
    carry: bool,
}

impl Negate {
    fn new(negative: bool) -> Negate {
        Negate { mask: if negative { u32::MAX } else { 0 }, carry: negative }
    }

    fn next(&mut self, limb: u32) -> u32 {
        let (out, carry) = (limb ^ self.mask).overflowing_add(self.carry.into());
        self.carry = carry;
        out
    }
}

/// A bit operation on signed numbers. Room: one limb more than the longer. Returns sign and length.
#[inline(never)]
pub fn bit_op(op: BitOp, a: (bool, &[Limb]), b: (bool, &[Limb]), out: &mut [Limb]) -> (bool, usize) {
    let negative = op.of(a.0.into(), b.0.into()) != 0;
    let (mut left, mut right, mut back) = (Negate::new(a.0), Negate::new(b.0), Negate::new(negative));
    let len = a.1.len().max(b.1.len()) + 1;
    for (i, place) in out.iter_mut().enumerate().take(len) {
        *place = back.next(op.of(left.next(limb(a.1, i)), right.next(limb(b.1, i))));
    }
    (negative, used(out.get(..len).unwrap_or(out)))
}

/// `~x`. Room: one limb more. Returns sign and length.
pub fn invert(negative: bool, a: &[Limb], out: &mut [Limb]) -> (bool, usize) {
    for (i, place) in out.iter_mut().enumerate().take(a.len() + 1) {
        *place = limb(a, i);
    }
    let out = out.get_mut(..a.len() + 1).unwrap_or(&mut []);
    if negative {
        sub_small(out, 1);
    } else {
        add_small(out, 1);
    }
    (!negative, used(out))
}

/// Writes the two's complement into `out`, lowest byte first or last, cut to its length. Returns whether
/// the number fits in that many bytes, signed or unsigned (a negative number never fits unsigned).
#[inline(never)]
pub fn to_bytes(negative: bool, a: &[Limb], out: &mut [u8], big_endian: bool, signed: bool) -> bool {
    let room = out.len().saturating_mul(8);
    let mut twos = Negate::new(negative);
    let mut put = |chunk: &mut dyn Iterator<Item = &mut u8>, at: usize| {
        let mut word = twos.next(limb(a, at));
        for byte in chunk.take(4) {
            *byte = word as u8;
            word >>= 8;
        }
    };
    if big_endian {
        out.rchunks_mut(4).enumerate().for_each(|(at, chunk)| put(&mut chunk.iter_mut().rev(), at));
    } else {
        out.chunks_mut(4).enumerate().for_each(|(at, chunk)| put(&mut chunk.iter_mut(), at));
    }
    let bits = bit_length(a);
    match (negative, signed) {
        (_, _) if bits == 0 => true,
        (false, false) => bits <= room,
        (true, false) => false,
        (false, true) => bits < room,
        // -2^(room-1) is the one number of `room` bits that fits.
        (true, true) => bits < room || bits == room && lowest_bit(a) + 1 == bits,
    }
}

/// Byte `i` of a number's two's complement. They are asked for from the lowest on, with one `carry`, at first `negative`.
#[inline]
pub fn byte_at(a: &[Limb], negative: bool, i: usize, carry: &mut bool) -> u8 {
    let mut byte = (limb(a, i / 4) >> (8 * (i % 4))) as u8;
    if negative {
        (byte, *carry) = (!byte).overflowing_add(u8::from(*carry));
    }
    byte
}

fn lowest_bit(a: &[Limb]) -> usize {
    a.iter().position(|limb| *limb != 0).map_or(0, |at| at * 32 + limb(a, at).trailing_zeros() as usize)
}

/// The number that two's complement (or plain binary) bytes mean. Room: `bytes.len() / 4 + 1`. Returns
/// sign and length.
#[inline(never)]
pub fn from_bytes(bytes: &[u8], big_endian: bool, signed: bool, out: &mut [Limb]) -> (bool, usize) {
    let top = if big_endian { bytes.first() } else { bytes.last() };
    let negative = signed && top.is_some_and(|byte| byte & 0x80 != 0);
    let mut back = Negate::new(negative);
    let sign = if negative { u32::MAX } else { 0 };
    let word = |bytes: &mut dyn Iterator<Item = &u8>| {
        let mut word = sign;
        for (i, byte) in bytes.enumerate() {
            let shift = i as u32 * 8 % 32;
            word = word & !(0xff << shift) | u32::from(*byte) << shift;
        }
        word
    };
    let len = bytes.len().div_ceil(4);
    let mut places = out.iter_mut();
    if big_endian {
        for (chunk, place) in bytes.rchunks(4).zip(&mut places) {
            *place = back.next(word(&mut chunk.iter().rev()));
        }
    } else {
        for (chunk, place) in bytes.chunks(4).zip(&mut places) {
            *place = back.next(word(&mut chunk.iter()));
        }
    }
    (negative, used(out.get(..len).unwrap_or(out)))
}
