//! Arithmetic of ints that do not fit 64 bits: one `limbs` operation on cells at a time, so that a caller can tick in between.
//!
//! Invariants
//! - results are `BigInt` cells whose limbs the caller fills; `finish` turns one into the smallest kind without allocating;
//! - an operand may be any int; small ones bring their limbs with them.

use super::int;
use crate::base::limbs::{self, BitOp, Limb};
use crate::base::pack;
use crate::heap::{Heap, Kind, R, Value};

/// An int as sign and limbs, wherever they lie.
#[derive(Clone, Copy)]
pub struct Operand {
    pub negative: bool,
    pub len: usize,
    cell: Option<Value>,
    own: [Limb; 2],
}

impl Operand {
    pub fn new(heap: &Heap, v: Value) -> Operand {
        if heap.is(v, Kind::BigInt) {
            let w = heap.word(v, 0);
            let len = ((w >> 1) as usize).min(heap.words(v) - 1);
            return Operand { negative: w & 1 != 0, len, cell: Some(v), own: [0; 2] };
        }
        let n = int::to_i64(heap, v).unwrap_or(0);
        let own = limbs::from_u64(n.unsigned_abs());
        Operand { negative: n < 0, len: limbs::used(&own), cell: None, own }
    }
    /// A number under construction: the first `len` limbs of a cell made by `alloc`.
    pub fn part(cell: Value, len: usize) -> Operand {
        Operand { negative: false, len, cell: Some(cell), own: [0; 2] }
    }
    /// The same size with the other sign.
    #[cfg(not(feature = "tiny"))]
    pub fn opposite(self) -> Operand {
        Operand { negative: !self.negative, ..self }
    }
    fn pick<'a>(&'a self, words: &'a [u32]) -> &'a [Limb] {
        let all = if self.cell.is_some() { words.get(1..).unwrap_or(&[]) } else { &self.own };
        all.get(..self.len).unwrap_or(all)
    }
    pub fn limbs<'a>(&'a self, heap: &'a Heap) -> &'a [Limb] {
        match self.cell {
            Some(v) => self.pick(heap.raw_words(v, 0)),
            None => self.pick(&[]),
        }
    }
    pub fn bits(&self, heap: &Heap) -> usize {
        limbs::bit_length(self.limbs(heap))
    }
    pub fn is_zero(&self) -> bool {
        self.len == 0
    }
}

/// A cell for `n` limbs, all 0.
pub fn alloc(heap: &mut Heap, n: usize) -> R {
    heap.alloc(Kind::BigInt, 1 + n.max(2))
}

/// Runs a limb operation on two operands and a cell that is neither.
pub fn with<T>(
    heap: &mut Heap,
    a: &Operand,
    b: &Operand,
    out: Value,
    f: impl FnOnce(&[Limb], &[Limb], &mut [Limb]) -> T,
) -> T {
    let (x, y, out) = heap.words_of(a.cell, b.cell, out);
    f(a.pick(x), b.pick(y), out.get_mut(1..).unwrap_or(&mut []))
}

/// The limbs of a cell made by `alloc`.
pub fn limbs_mut(heap: &mut Heap, cell: Value) -> &mut [Limb] {
    heap.raw_words_mut(cell, 1)
}

/// Turns a filled cell into the int it stands for.
pub fn finish(heap: &mut Heap, cell: Value, negative: bool, len: usize) -> Value {
    let all = heap.raw_words(cell, 1);
    let all = limbs::trim(all.get(..len).unwrap_or(all));
    let len = all.len();
    let n = if len > 2 { None } else { limbs::to_i64(negative, all) };
    match n {
        Some(n) => match Value::try_small(n) {
            Some(v) => {
                heap.free(cell);
                v
            }
            None => {
                heap.set_kind(cell, Kind::Int64);
                heap.set_word(cell, 0, n as u32);
                heap.set_word(cell, 1, (n >> 32) as u32);
                heap.resize(cell, 2);
                cell
            }
        },
        None => {
            heap.set_word(cell, 0, (len as u32) << 1 | negative as u32);
            heap.resize(cell, 1 + len);
            cell
        }
    }
}

/// `a + b`, or `a - b`.
pub fn add(heap: &mut Heap, a: Value, b: Value, subtract: bool) -> R {
    let (x, mut y) = (Operand::new(heap, a), Operand::new(heap, b));
    y.negative ^= subtract;
    let out = alloc(heap, x.len.max(y.len) + 1)?;
    let (negative, n) = with(heap, &x, &y, out, |a, b, out| {
        if x.negative == y.negative {
            (x.negative, limbs::add(a, b, out))
        } else if limbs::cmp(a, b).is_ge() {
            (x.negative, limbs::sub(a, b, out))
        } else {
            (y.negative, limbs::sub(b, a, out))
        }
    });
    Ok(finish(heap, out, negative, n))
}

pub fn bit_op(heap: &mut Heap, op: BitOp, a: Value, b: Value) -> R {
    let (x, y) = (Operand::new(heap, a), Operand::new(heap, b));
    let out = alloc(heap, x.len.max(y.len) + 1)?;
    let (negative, n) =
        with(heap, &x, &y, out, |a, b, out| limbs::bit_op(op, (x.negative, a), (y.negative, b), out));
    Ok(finish(heap, out, negative, n))
}

/// `a << n`.
pub fn shl(heap: &mut Heap, a: Value, n: usize) -> R {
    let x = Operand::new(heap, a);
    let out = alloc(heap, x.len + n / 32 + 1)?;
    let len = with(heap, &x, &x, out, |a, _, out| limbs::shl(a, n, out));
    Ok(finish(heap, out, x.negative, len))
}

/// `a >> n`, towards minus infinity.
pub fn shr(heap: &mut Heap, a: Value, n: usize) -> R {
    let x = Operand::new(heap, a);
    let out = alloc(heap, (x.len + 2).saturating_sub(n / 32))?;
    let len = with(heap, &x, &x, out, |a, _, out| limbs::shr(x.negative, a, n, out));
    Ok(finish(heap, out, x.negative, len))
}

/// A copy with the other sign, or with a positive one.
pub fn negate(heap: &mut Heap, a: Value, only_if_negative: bool) -> R {
    let x = Operand::new(heap, a);
    let out = alloc(heap, x.len)?;
    with(heap, &x, &x, out, |a, _, out| {
        for (d, s) in out.iter_mut().zip(a) {
            *d = *s;
        }
    });
    Ok(finish(heap, out, !x.negative && !only_if_negative, x.len))
}

pub fn invert(heap: &mut Heap, a: Value) -> R {
    let x = Operand::new(heap, a);
    let out = alloc(heap, x.len + 1)?;
    let (negative, n) = with(heap, &x, &x, out, |a, _, out| limbs::invert(x.negative, a, out));
    Ok(finish(heap, out, negative, n))
}

/// The int that these bytes of a heap object mean.
pub fn from_bytes(heap: &mut Heap, bytes: crate::heap::span::Span, big_endian: bool, signed: bool) -> R {
    let mut n = bytes.len();
    if !signed {
        // What the leading zeros leave may fit without a limb.
        let all = heap.span_bytes(bytes);
        let zeros = if big_endian {
            all.iter().take_while(|b| **b == 0).count()
        } else {
            all.iter().rev().take_while(|b| **b == 0).count()
        };
        n -= zeros;
    }
    if n <= 8 {
        let (from, to) = if big_endian { (bytes.len() - n, bytes.len()) } else { (0, n) };
        let raw = heap.span_bytes(bytes.sub(from, to));
        return match signed {
            true if n == 0 => Ok(Value::small(0)),
            true => {
                let v = pack::get_signed(raw, big_endian);
                int::from_i64(heap, v)
            }
            false => {
                let v = pack::get_bits(raw, big_endian);
                int::from_u64(heap, v)
            }
        };
    }
    let n = bytes.len();
    let out = alloc(heap, n / 4 + 1)?;
    let from_word = bytes.from_word as usize * 4;
    let text = crate::heap::names::text_of(bytes.owner);
    let (words, _, room) = heap.words_of(Some(bytes.owner), None, out);
    // Bytes lie in words of the target's order: take them out one by one.
    let byte = |i: usize| match text {
        Some(t) => t.as_bytes().get(bytes.offset as usize + i).copied().unwrap_or(0),
        None => {
            let at = from_word + bytes.offset as usize + i;
            words.get(at / 4).map_or(0, |w| w.to_ne_bytes().get(at % 4).copied().unwrap_or(0))
        }
    };
    let place = |i: usize| if big_endian { n - 1 - i } else { i };
    let limbs = room.get_mut(1..).unwrap_or(&mut []);
    for i in 0..n {
        if let Some(l) = limbs.get_mut(i / 4) {
            *l |= (byte(place(i)) as u32) << (8 * (i % 4));
        }
    }
    let negative = signed && n > 0 && byte(place(n - 1)) & 0x80 != 0;
    if negative {
        // The size is the two's complement of what stands there.
        let mut carry = true;
        for i in 0..n {
            if let Some(l) = limbs.get_mut(i / 4) {
                let shift = 8 * (i % 4);
                let b = !((*l >> shift) as u8);
                let (b, c) = b.overflowing_add(carry as u8);
                carry = c;
                *l = *l & !(0xff << shift) | (b as u32) << shift;
            }
        }
        if carry && let Some(l) = limbs.get_mut(n / 4) {
            *l |= 1 << (8 * (n % 4));
        }
    }
    let len = limbs.len();
    Ok(finish(heap, out, negative, len))
}

/// The nearest float; infinite where the int is too large.
#[cfg(any(feature = "float-single", feature = "float-double"))]
pub fn to_float(heap: &Heap, v: Value) -> crate::base::float::Float {
    let x = Operand::new(heap, v);
    limbs::to_float(x.negative, x.limbs(heap))
}

/// The whole part of a finite float.
#[cfg(any(feature = "float-single", feature = "float-double"))]
pub fn from_float(heap: &mut Heap, x: crate::base::float::Float) -> R {
    if x.abs() < 9.0e18 {
        return int::from_i64(heap, x as i64);
    }
    let out = alloc(heap, limbs::FLOAT_LIMBS)?;
    let (negative, n) = limbs::from_float(x, limbs_mut(heap, out)).unwrap_or((false, 0));
    Ok(finish(heap, out, negative, n))
}
