//! The `random` module's generator: yasmarang (Ilya Levin, public domain), seeded as MicroPython seeds
//! it, so that programs see the same sequences. Not for secrets.

#[cfg(any(feature = "float-double", feature = "float-single"))]
use super::float::Float;

#[derive(Clone, Debug)]
pub struct Random {
    pad: u32,
    n: u32,
    d: u32,
    dat: u8,
}

impl Random {
    /// What an unseeded generator starts from.
    pub const DEFAULT_SEED: u32 = 0xeda4_baba;

    pub const fn new(seed: u32) -> Random {
        Random { pad: seed, n: 69, d: 233, dat: 0 }
    }

    /// The state, to be kept anywhere.
    pub fn to_words(&self) -> [u32; 4] {
        [self.pad, self.n, self.d, u32::from(self.dat)]
    }

    pub fn from_words([pad, n, d, dat]: [u32; 4]) -> Random {
        Random { pad, n, d, dat: dat as u8 }
    }

    pub fn next_word(&mut self) -> u32 {
        let sum = u32::from(self.dat).wrapping_add(self.d.wrapping_mul(self.n));
        self.pad = self.pad.wrapping_add(sum).rotate_left(3);
        self.n = self.pad | 2;
        self.d ^= self.pad.rotate_right(1);
        self.dat ^= self.pad as u8 ^ (self.d >> 8) as u8 ^ 1;
        self.pad ^ self.d << 5 ^ self.pad >> 18 ^ u32::from(self.dat) << 1
    }

    /// `count` bits, at most 32; no bits take no step.
    pub fn bits(&mut self, count: u32) -> u32 {
        match count {
            0 => 0,
            _ => self.next_word() & u32::MAX >> (32 - count.min(32)),
        }
    }

    /// Evenly below `limit`, which is not zero: draws as many bits as the limit itself has, until they fit.
    pub fn below(&mut self, limit: u32) -> u32 {
        let limit = limit.max(1);
        let mask = u32::MAX >> limit.leading_zeros();
        loop {
            let word = self.next_word() & mask;
            if word < limit {
                return word;
            }
        }
    }

    /// Evenly one of `start, start + step, …` before `stop`; `None` where there is none (`ValueError`).
    pub fn range(&mut self, start: i64, stop: i64, step: i64) -> Option<i64> {
        let forward = if step > 0 { stop > start } else { stop < start };
        let count =
            stop.abs_diff(start).checked_sub(1).filter(|_| forward)?.checked_div(step.unsigned_abs())? + 1;
        let pick = match u32::try_from(count) {
            Ok(count) => u64::from(self.below(count)),
            Err(_) => loop {
                let wide = u64::from(self.next_word()) << 32 | u64::from(self.next_word());
                let pick = wide & u64::MAX >> count.leading_zeros();
                if pick < count {
                    break pick;
                }
            },
        };
        Some(start.wrapping_add(step.wrapping_mul(pick as i64)))
    }

    /// Evenly in 0..1, with as many random bits as the fraction holds.
    #[cfg(any(feature = "float-double", feature = "float-single"))]
    pub fn float(&mut self) -> Float {
        let fraction = Float::MANTISSA_DIGITS - 1;
        let mut bits = u64::from(self.next_word());
        if fraction > 32 {
            bits = bits << 32 | u64::from(self.next_word());
        }
        (bits & ((1 << fraction) - 1)) as Float / (1u64 << fraction) as Float
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sequences that programs see on MicroPython.
    #[test]
    fn golden() {
        for (seed, words, after, below) in [
            (1, [0x001e8d44, 0x6f08e1f2, 0x9f97285e, 0x094fd45c, 0xe4a1029f], 0x7a08e463, [0, 0, 0, 33, 23]),
            (0, [0x001e8cec, 0x54bcab50, 0x516bf673, 0xdc692857, 0xdced3ae0], 0xa4b06646, [0, 1, 1, 45, 33]),
            (
                Random::DEFAULT_SEED,
                [0xbf5b0806, 0x7334585e, 0xbc0c7b9d, 0xbdec5ade, 0xa5f12d68],
                0x82e0dc37,
                [0, 0, 0, 62, 33],
            ),
        ] {
            let mut r = Random::new(seed);
            assert_eq!(words.map(|_| r.next_word()), words);
            (0..999).for_each(|_| _ = r.next_word());
            assert_eq!(r.next_word(), after);
            assert_eq!([1, 2, 3, 100, 65].map(|n| r.below(n)), below);
            #[cfg(feature = "float-double")]
            if seed == 1 {
                assert_eq!(r.float(), 0.913_632_473_842_446_6);
            }
        }
    }

    #[test]
    fn bounds() {
        let mut r = Random::new(1);
        for limit in [1, 2, 3, 7, 8, 100, 1 << 31, u32::MAX] {
            for _ in 0..200 {
                assert!(r.below(limit) < limit);
            }
        }
        assert_eq!(r.bits(0), 0);
        assert!((0..100).all(|_| r.bits(3) < 8));
        assert_eq!(r.below(0), 0);
        for (start, stop, step) in [(0, 7, 3), (5, -6, -2), (i64::MIN, i64::MAX, 1), (-3, 1 << 40, 7)] {
            for _ in 0..200 {
                let x = r.range(start, stop, step).unwrap();
                assert!(if step > 0 { (start..stop).contains(&x) } else { stop < x && x <= start });
                assert_eq!((i128::from(x) - i128::from(start)) % i128::from(step), 0);
            }
        }
        assert_eq!((r.range(0, 0, 1), r.range(0, 5, -1), r.range(0, 5, 0)), (None, None, None));
        #[cfg(any(feature = "float-double", feature = "float-single"))]
        assert!((0..100).map(|_| r.float()).all(|x| (0.0..1.0).contains(&x)));
    }
}
