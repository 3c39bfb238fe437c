//! Scratch numbers of float conversion: unsigned, fixed room, on the stack.
//!
//! `words` above `len` are zero and the word below it is not, so comparisons look at lengths first and
//! everyday floats cost two or three words, not the whole room. The room holds the largest number that a
//! conversion can meet (10^343 × 4 for 64-bit floats: reading 19 digits near the smallest subnormal), so
//! no carry leaves it. Compiled for size: each operation exists once.

use super::shape::WORDS;
use core::cmp::Ordering;

#[derive(Clone)]
pub(super) struct Big {
    len: usize,
    words: [u32; WORDS],
}

impl Big {
    pub const ZERO: Big = Big { len: 0, words: [0; WORDS] };

    /// Sets a number that is zero. (By reference: a number moved by value would stand on the stack twice.)
    pub fn start(&mut self, value: u64) {
        self.push(value as u32);
        self.push((value >> 32) as u32);
        self.trim();
    }

    pub fn is_zero(&self) -> bool {
        self.len == 0
    }

    fn word(&self, i: usize) -> u32 {
        self.words.get(i).copied().unwrap_or(0)
    }

    fn push(&mut self, word: u32) {
        if let Some(place) = self.words.get_mut(self.len) {
            *place = word;
            self.len += 1;
        }
    }

    fn trim(&mut self) {
        while self.len > 0 && self.word(self.len - 1) == 0 {
            self.len -= 1;
        }
    }

    /// Position of the highest set bit plus one.
    pub fn bits(&self) -> i32 {
        match self.len {
            0 => 0,
            n => n as i32 * 32 - self.word(n - 1).leading_zeros() as i32,
        }
    }

    #[inline(never)]
    pub fn mul(&mut self, factor: u32) {
        let mut carry = 0u64;
        for word in self.words.iter_mut().take(self.len) {
            carry += u64::from(*word) * u64::from(factor);
            *word = carry as u32;
            carry >>= 32;
        }
        if carry != 0 {
            self.push(carry as u32);
        }
    }

    #[inline(never)]
    pub fn mul_pow10(&mut self, mut power: u32) {
        while power >= 9 {
            self.mul(1_000_000_000);
            power -= 9;
        }
        for _ in 0..power {
            self.mul(10);
        }
    }

    #[inline(never)]
    pub fn shl(&mut self, count: u32) {
        let whole = (count / 32) as usize;
        if whole > 0 && self.len > 0 {
            for i in (0..self.len).rev() {
                let word = self.word(i);
                if let Some(place) = self.words.get_mut(i + whole) {
                    *place = word;
                }
                if let Some(place) = self.words.get_mut(i) {
                    *place = 0;
                }
            }
            self.len = (self.len + whole).min(WORDS);
        }
        self.mul(1 << (count % 32));
    }

    /// `self -= other`, which must not be larger.
    #[inline(never)]
    pub fn sub(&mut self, other: &Big) {
        let mut carry = 0i64;
        for (a, b) in self.words.iter_mut().zip(&other.words).take(self.len) {
            carry += i64::from(*a) - i64::from(*b);
            *a = carry as u32;
            carry >>= 32;
        }
        self.trim();
    }

    pub fn cmp(&self, other: &Big) -> Ordering {
        self.cmp_sum(other, 0, other)
    }

    /// Compares `self + times × more` with `other`, without making the sum.
    #[inline(never)]
    pub fn cmp_sum(&self, more: &Big, times: u32, other: &Big) -> Ordering {
        let times = i64::from(times);
        // What `other` has left at this word; lower words can take at most `1 + times` from it.
        let mut left = 0i64;
        for i in (0..self.len.max(more.len).max(other.len)).rev() {
            left = (left << 32) + i64::from(other.word(i))
                - i64::from(self.word(i))
                - times * i64::from(more.word(i));
            if left < 0 {
                return Ordering::Greater;
            }
            if left > times {
                return Ordering::Less;
            }
        }
        0.cmp(&left)
    }

    /// The quotient by `other` where it is known to be a digit; `self` keeps the remainder.
    #[cfg(feature = "tiny")]
    #[inline(never)]
    pub fn take_digit(&mut self, other: &Big) -> u8 {
        let mut digit = 0;
        while digit < 9 && self.cmp(other).is_ge() {
            self.sub(other);
            digit += 1;
        }
        digit
    }
    #[cfg(not(feature = "tiny"))]
    #[inline(always)]
    pub fn take_digit(&mut self, other: &Big) -> u8 {
        self.take_quotient(other, 4) as u8
    }

    /// The quotient by `other`, which is known to have so many bits; `self` keeps the remainder.
    #[cfg(not(feature = "tiny"))]
    #[inline(never)]
    pub fn take_quotient(&mut self, other: &Big, bits: u32) -> u32 {
        // The highest bits of both tell it, but for one that is missing now and then.
        let shift = (other.bits() - 32 + bits as i32).max(0) as u32;
        let (top, by) = (self.window(shift), other.window(shift));
        let mut quotient = top.checked_div(by + u32::from(shift > 0)).unwrap_or(0);
        if quotient > 0 {
            self.sub_product(other, quotient);
        }
        while self.cmp(other).is_ge() {
            self.sub(other);
            quotient += 1;
        }
        quotient
    }
    /// The 32 bits from bit `shift` on.
    #[cfg(not(feature = "tiny"))]
    fn window(&self, shift: u32) -> u32 {
        let at = (shift / 32) as usize;
        ((u64::from(self.word(at + 1)) << 32 | u64::from(self.word(at))) >> (shift % 32)) as u32
    }
    /// `self -= other × factor`, which must not be larger.
    #[cfg(not(feature = "tiny"))]
    fn sub_product(&mut self, other: &Big, factor: u32) {
        let mut carry = 0u64;
        for (a, b) in self.words.iter_mut().zip(&other.words).take(self.len) {
            carry += u64::from(*b) * u64::from(factor);
            let (left, under) = a.overflowing_sub(carry as u32);
            *a = left;
            carry = (carry >> 32) + u64::from(under);
        }
        self.trim();
    }
}
