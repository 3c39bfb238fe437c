//! The allocator without a collector: contents are kept, memory is neither lost nor handed out twice.

use super::*;
use std::vec;
use std::vec::Vec;

/// A repeatable source of numbers.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 16) as usize % n.max(1)
    }
}

pub fn heap(mem: &mut Vec<u64>, bytes: usize) -> Heap {
    *mem = vec![0xdead_beef_dead_beefu64; bytes / 8];
    // SAFETY: the test keeps `mem` alive and unused.
    unsafe { Heap::new(mem.as_mut_ptr().cast(), bytes) }
}

/// Words of every cell are its number, so an overlap shows.
fn fill(h: &mut Heap, v: Value, from: usize, n: u32) {
    for i in from..h.words(v) {
        h.set_word(v, i, n);
    }
}

#[test]
fn cells_keep_their_words_through_random_allocation() {
    let rounds = if cfg!(miri) { 300 } else { 20_000 };
    for seed in 1..if cfg!(miri) { 3 } else { 20 } {
        let mut mem = Vec::new();
        let h = &mut heap(&mut mem, 1 << (13 + seed % 4));
        let mut rng = Rng(seed * 7919);
        let mut live: Vec<(Value, u32)> = Vec::new();
        for round in 0..rounds {
            match rng.below(10) {
                0..5 => {
                    let words = if rng.below(20) == 0 { rng.below(600) } else { 1 + rng.below(30) };
                    if let Ok(v) = h.alloc(Kind::Raw, words) {
                        assert!(h.raw_words(v, 0).iter().all(|w| *w == 0));
                        assert_eq!(h.words(v), words / 2 * 2 + 1);
                        fill(h, v, 0, round);
                        live.push((v, round));
                    } else {
                        assert!(h.is_out_of_memory());
                    }
                }
                5..8 if !live.is_empty() => {
                    let (v, n) = live.swap_remove(rng.below(live.len()));
                    assert!(h.raw_words(v, 0).iter().all(|w| *w == n));
                    h.free(v);
                }
                8.. if !live.is_empty() => {
                    let (v, n) = live[rng.below(live.len())];
                    let (old, new) = (h.words(v), rng.below(80));
                    if h.resize(v, new) {
                        assert_eq!(h.words(v), new / 2 * 2 + 1);
                        assert!(h.raw_words(v, 0).iter().take(old).all(|w| *w == n));
                        assert!(h.raw_words(v, 0).iter().skip(old).all(|w| *w == 0));
                        fill(h, v, 0, n);
                    } else {
                        assert!(h.words(v) == old && new > old);
                    }
                }
                _ => (),
            }
            if round % 64 == 0 {
                h.verify().unwrap();
                assert!(live.iter().all(|(v, n)| h.raw_words(*v, 0).iter().all(|w| w == n)));
            }
        }
        let used: usize = live.iter().map(|(v, _)| (h.words(*v) + 1) * 4).sum();
        assert_eq!(h.used_bytes(), used);
        for (v, _) in live {
            h.free(v);
        }
        h.verify().unwrap();
        assert_eq!(h.used_bytes(), 0);
    }
}

#[test]
fn a_growing_cell_stays_where_it_is_while_nothing_follows() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 16);
    let v = h.alloc(Kind::Raw, 40).unwrap();
    assert!(h.resize(v, 5000) && h.words(v) == 5001);
    assert!(h.resize(v, 10) && h.resize(v, 7000));
    let w = h.alloc(Kind::Raw, 3).unwrap();
    assert!(h.resize(w, 9));
    h.free(w);
    h.verify().unwrap();
    assert!(!h.resize(v, 1 << 20));
}

#[test]
fn all_memory_can_be_used() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 4096);
    let total = h.free_bytes();
    let all = h.alloc(Kind::Raw, total / 4 - 1).unwrap();
    assert_eq!((h.free_bytes(), h.largest_free()), (0, 0));
    assert_eq!(h.alloc(Kind::Cell, 1).err(), Some(Raised));
    assert!(h.is_out_of_memory());
    h.free(all);
    assert_eq!(h.largest_free(), total);
    let mut n = 0;
    while h.alloc(Kind::Cell, 1).is_ok() {
        n += 8;
    }
    assert_eq!(n, total);
    h.verify().unwrap();
}

#[test]
fn a_region_that_is_too_small_has_no_memory() {
    for bytes in [0, 8, 16] {
        let mut mem = Vec::new();
        let h = &mut heap(&mut mem, bytes);
        assert!(h.alloc(Kind::Raw, 3).is_err() && h.alloc(Kind::Raw, usize::MAX).is_err());
        h.verify().unwrap();
    }
}

#[test]
fn injected_failures_hit_once_or_for_good() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 4096);
    h.fail_at(3, false);
    let ok: Vec<bool> = (0..5).map(|_| h.alloc(Kind::Cell, 1).is_ok()).collect();
    assert_eq!(ok, [true, true, false, true, true]);
    h.fail_at(2, true);
    let ok: Vec<bool> = (0..4).map(|_| h.alloc(Kind::Cell, 1).is_ok()).collect();
    assert_eq!(ok, [true, false, false, false]);
    h.fail_at(0, false);
    assert!(h.alloc(Kind::Cell, 1).is_ok());
    h.verify().unwrap();
}

#[test]
fn the_heap_asks_for_a_cycle_before_memory_runs_out() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 14);
    while h.pending_bits() & PENDING_CYCLE == 0 {
        h.alloc(Kind::Tuple, 3).unwrap();
    }
    assert!(h.free_bytes() * 5 > 1 << 15);
    let mut never = Vec::new();
    let h = &mut heap(&mut never, 1 << 14);
    h.set_mode(Mode::Never);
    while h.alloc(Kind::Tuple, 3).is_ok() {}
    assert_eq!(h.pending_bits(), 0);
}

#[cfg(not(feature = "heap-checks"))]
#[test]
fn stale_values_stay_in_the_region() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 4096);
    let far = Value::from_bits(0x7fff_fffc).unwrap();
    assert_eq!((h.word(far, 1 << 20), h.words(far), h.bytes(far, 0).len()), (0, 0, 0));
    h.set_word(far, 7, u32::MAX);
    h.free(far);
    let v = h.alloc(Kind::Raw, 3).unwrap();
    h.set_word(v, 1, u32::MAX);
    let inside = Value::from_bits(v.bits() + 4).unwrap();
    assert!(h.bytes(inside, 0).len() < 4096);
    assert!(h.slots(inside, 0, usize::MAX).len() < 1024);
}
