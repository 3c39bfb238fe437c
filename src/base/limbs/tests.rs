//! Laws that hold for all numbers, against `u128` where that is wide enough.
extern crate std;
use super::*;
use std::{format, string::String, vec, vec::Vec};

struct Random(u64);
impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    /// Limbs with many all-ones and all-zeros, where carries and wrong estimates live.
    fn limbs(&mut self, most: usize) -> Vec<u32> {
        let n = self.below(most + 1);
        let mut v: Vec<u32> = (0..n)
            .map(|_| match self.below(6) {
                0 => 0,
                1 => u32::MAX,
                2 => 0x8000_0000,
                3 => 1,
                _ => self.next() as u32,
            })
            .collect();
        while v.last() == Some(&0) {
            v.pop();
        }
        v
    }
}

const ROUNDS: usize = if cfg!(miri) { 100 } else { 20_000 };

fn wide(a: &[u32]) -> u128 {
    a.iter().rev().fold(0, |n, limb| n << 32 | u128::from(*limb))
}

fn narrow(mut n: u128) -> Vec<u32> {
    let mut v = Vec::new();
    while n > 0 {
        v.push(n as u32);
        n >>= 32;
    }
    v
}

fn make(room: usize, f: impl FnOnce(&mut [u32]) -> usize) -> Vec<u32> {
    let mut out = vec![0xdead_beef; room];
    let n = f(&mut out);
    out.truncate(n);
    assert_eq!(used(&out), out.len());
    out
}

#[test]
fn small_numbers_agree_with_u128() {
    let mut r = Random(1);
    for _ in 0..ROUNDS {
        let (a, b) = (r.limbs(3), r.limbs(3));
        let (x, y) = (wide(&a), wide(&b));
        assert_eq!(make(4, |o| add(&a, &b, o)), narrow(x + y));
        assert_eq!(cmp(&a, &b), x.cmp(&y));
        if x >= y {
            assert_eq!(make(3, |o| sub(&a, &b, o)), narrow(x - y));
        }
        assert_eq!(bit_length(&a), 128 - x.leading_zeros() as usize);
        let n = r.below(100);
        assert_eq!(make(3, |o| shr(false, &a, n, o)), narrow(x >> n));
        // Floor for negative numbers.
        let floor = (x >> n) + u128::from((x >> n) << n != x);
        assert_eq!(make(4, |o| shr(true, &a, n, o)), narrow(floor));
        let n = r.below(32);
        assert_eq!(make(4, |o| shl(&a, n, o)), narrow(x << n));
        assert_eq!(shl(&a, 70, &mut [0; 6]), if x == 0 { 0 } else { (bit_length(&a) + 70).div_ceil(32) });
        let (c, d) = (r.limbs(2), r.limbs(2));
        assert_eq!(make(4, |o| mul(&c, &d, o)), narrow(wide(&c) * wide(&d)));
        assert_eq!(to_u64(&c), Some(wide(&c) as u64));
        assert_eq!(to_i64(true, &c).map(i128::from), i64::try_from(-(wide(&c) as i128)).ok().map(i128::from));
        assert_eq!(to_i64(false, &c), i64::try_from(wide(&c)).ok());
        if let Some(by) = r.limbs(1).first() {
            let mut q = a.clone();
            assert_eq!(
                (div_small(&mut q, *by), wide(&q)),
                ((x % u128::from(*by)) as u32, x / u128::from(*by))
            );
            let high = r.next() as u32 % by;
            let pair = u64::from(high) << 32 | r.next();
            let want = ((pair / u64::from(*by)), (pair % u64::from(*by)));
            if pair >> 32 < u64::from(*by) {
                let got = divide::div_halves((pair >> 32) as u32, pair as u32, *by);
                assert_eq!((u64::from(got.0), u64::from(got.1)), want);
            }
        }
    }
}

#[test]
fn division_inverts_multiplication() {
    let mut r = Random(2);
    for _ in 0..ROUNDS {
        let (a, b) = (r.limbs(9), r.limbs(6));
        if b.is_empty() {
            continue;
        }
        let mut q = vec![7; (a.len() + 1).saturating_sub(b.len()) + 1];
        let mut rest = vec![7; (a.len() + 1).max(b.len())];
        let (qn, rn) = divmod(&a, &b, &mut q, &mut rest, &mut vec![7; b.len()]);
        assert!(cmp(&rest[..rn], &b).is_lt());
        let product = make(qn + b.len(), |o| mul(&q[..qn], &b, o));
        assert_eq!(make(a.len().max(product.len()) + 1, |o| add(&product, &rest[..rn], o)), a);
        // Floor division of the negated dividend: a = q·b - r.
        let (mut q, mut rest) = (q[..qn].to_vec(), rest[..rn].to_vec());
        q.push(0);
        rest.resize(b.len().max(rn), 0);
        let (qn, rn) = floor_fix(&b, &mut q, &mut rest);
        let product = make(qn + b.len(), |o| mul(&q[..qn], &b, o));
        assert_eq!(make(product.len(), |o| sub(&product, &rest[..rn], o)), a);
        assert!(cmp(&rest[..rn], &b).is_lt());
    }
    assert_eq!(divmod(&[1], &[], &mut [0; 2], &mut [0; 2], &mut []), (0, 0));
}

#[test]
fn two_complement_bits() {
    let mut r = Random(3);
    for _ in 0..ROUNDS {
        let (a, b) = (r.limbs(3), r.limbs(3));
        let (an, bn) = (!a.is_empty() && r.below(2) == 0, !b.is_empty() && r.below(2) == 0);
        let signed = |n: bool, v: &[u32]| if n { -(wide(v) as i128) } else { wide(v) as i128 };
        let (x, y) = (signed(an, &a), signed(bn, &b));
        for (op, want) in [(BitOp::And, x & y), (BitOp::Or, x | y), (BitOp::Xor, x ^ y)] {
            let mut out = [9; 4];
            let (n, len) = bit_op(op, (an, &a), (bn, &b), &mut out);
            assert_eq!(signed(n, &out[..len]), want);
            assert!(len > 0 || !n);
        }
        let mut out = [9; 4];
        let (n, len) = invert(an, &a, &mut out);
        assert_eq!(signed(n, &out[..len]), !x);
        let size = r.below(16);
        for big in [false, true] {
            let mut bytes = vec![1; size];
            let full = if big { x.to_be_bytes() } else { x.to_le_bytes() };
            let want = if big { &full[16 - size..] } else { &full[..size] };
            let fits = to_bytes(an, &a, &mut bytes, big, true);
            assert_eq!(bytes, want);
            let bound = 1i128 << (size * 8).saturating_sub(1);
            assert_eq!(fits, if size == 0 { x == 0 } else { (-bound..bound).contains(&x) }, "{x} {size}");
            assert_eq!(to_bytes(an, &a, &mut bytes, big, false), x >= 0 && x < 1i128 << (size * 8));
            let mut back = [5; 4];
            let (n, len) = from_bytes(&bytes, big, true, &mut back);
            let cut = if size == 0 { 0 } else { x << (128 - size * 8) >> (128 - size * 8) };
            assert_eq!(signed(n, &back[..len]), cut);
            let (n, len) = from_bytes(&bytes, big, false, &mut back);
            assert_eq!(
                (n, wide(&back[..len])),
                (false, if size == 0 { 0 } else { (x as u128) << (128 - size * 8) >> (128 - size * 8) })
            );
        }
    }
}

#[test]
fn digits_round_trip() {
    let mut r = Random(4);
    for _ in 0..ROUNDS / 10 {
        let a = r.limbs(if r.0 & 1 == 0 { 4 } else { 20 });
        for radix in [2, 3, 7, 8, 10, 16, 35, 36] {
            let mut out = vec![0; text_room(bit_length(&a), radix)];
            let at = text(&mut a.clone(), radix, false, &mut out);
            let digits = &out[at..];
            assert!(digits[0] != b'0' || digits.len() == 1);
            if a.len() <= 4 && radix == 10 {
                assert_eq!(core::str::from_utf8(digits).unwrap(), format!("{}", wide(&a)));
            }
            let mut back = vec![0xbeef; read_room(digits.len(), radix)];
            let n = read(digits, radix, &mut back);
            assert_eq!(&back[..n], a, "{radix}");
        }
    }
    let mut out = [0; 4];
    let n = read(b"0001_0000_0000_0000_0000", 16, &mut out);
    assert_eq!(out[..n], [0, 0, 1]);
}

#[cfg(feature = "float-double")]
#[test]
fn floats() {
    let mut r = Random(5);
    for _ in 0..ROUNDS {
        let a = r.limbs(4);
        assert_eq!(to_float(false, &a), wide(&a) as f64);
        let x = f64::from_bits(r.next() >> 1);
        let x = if r.below(2) == 0 { x } else { wide(&a) as f64 / 65536.0 };
        let mut out = [3; FLOAT_LIMBS];
        match from_float(-x, &mut out) {
            None => assert!(!x.is_finite()),
            Some((_, n)) => assert_eq!(to_float(false, &out[..n]), x.trunc()),
        }
    }
    // Ties go to even, whatever lies far below decides.
    let mut big = vec![0; 20];
    big[19] = 1;
    big[17] = 0x800;
    assert_eq!(to_float(false, &big), 2f64.powi(608));
    big[0] = 1;
    assert_eq!(to_float(true, &big), -2f64.powi(608) * (1.0 + f64::EPSILON));
    assert_eq!(to_float(false, &[u32::MAX; 32]), f64::INFINITY);
    assert_eq!(to_float(false, &[u32::MAX; 3000]), f64::INFINITY);
    let max = make(FLOAT_LIMBS, |o| from_float(f64::MAX, o).unwrap().1);
    assert_eq!(to_float(false, &max), f64::MAX);
    assert_eq!(from_float(-0.5, &mut [0; 2]), Some((true, 0)));
}

#[test]
fn modular_power() {
    let mut r = Random(6);
    for _ in 0..ROUNDS / 20 {
        let m = r.limbs(1);
        let Some(modulus) = m.first().filter(|m| **m > 1) else { continue };
        let (base, exp) = (r.next() as u32 % modulus, r.next() as u32);
        let mut want = 1u64;
        for i in (0..32).rev() {
            want = want * want % u64::from(*modulus);
            if exp >> i & 1 != 0 {
                want = want * u64::from(base) % u64::from(*modulus);
            }
        }
        let mut out = [1];
        let mut scratch = vec![0; mul_mod_scratch(1)];
        for i in (0..32).rev() {
            pow_mod(&[base], bit(&[exp], i), &m, &mut out, &mut scratch);
        }
        assert_eq!(u64::from(out[0]), want);
    }
    // Fermat: 3^(p-1) mod p for p = 2^127 - 1.
    let p = [u32::MAX, u32::MAX, u32::MAX, 0x7fff_ffff];
    let exp = [u32::MAX - 1, u32::MAX, u32::MAX, 0x7fff_ffff];
    let mut out = [1, 0, 0, 0];
    let mut scratch = vec![0; mul_mod_scratch(4)];
    for i in (0..bit_length(&exp)).rev() {
        pow_mod(&[3], bit(&exp, i), &p, &mut out, &mut scratch);
    }
    assert_eq!(out, [1, 0, 0, 0]);
}

#[test]
fn a_short_output_does_not_panic() {
    let a = [u32::MAX; 5];
    let mut out = [0; 2];
    add(&a, &a, &mut out);
    sub(&a, &[1], &mut out);
    mul(&a, &a, &mut out);
    shl(&a, 77, &mut out);
    shr(true, &a, 1, &mut out);
    bit_op(BitOp::Xor, (true, &a), (false, &a), &mut out);
    invert(false, &a, &mut out);
    read(b"99999999999999999999999999999999999999999", 10, &mut out);
    let mut text_out = [0; 3];
    text(&mut a.clone(), 10, false, &mut text_out);
    divmod(&a, &[5, 5], &mut [0; 1], &mut out, &mut [0; 1]);
    from_bytes(&[9; 30], true, true, &mut out);
    let _: String = format!("{out:?}");
}
