//! Queues between an interrupt (or another task) and the VM, lock-free for one producer and one consumer.
//!
//! Only loads and stores, no compare-and-swap, so they work on Cortex-M0. The producer alone writes
//! `head`, the consumer alone writes `tail`; both count up forever and wrap, and their difference is
//! the fill. Slots are atomics with relaxed order (plain loads and stores in machine code), which makes
//! the whole file safe Rust: a caller that breaks the one-producer rule gets lost items, never
//! undefined behaviour. Several producers take turns under the port's critical section.
//! `heapless::spsc` is not used: it must be split into two owned ends, and ours are shared statics or
//! fields outside the VM's state.

use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

macro_rules! ring {
    ($(#[$doc:meta])* $name:ident, $item:ty, $atomic:ty) => {
        $(#[$doc])*
        pub struct $name<const N: usize> {
            slots: [$atomic; N],
            head: AtomicUsize,
            tail: AtomicUsize,
        }

        impl<const N: usize> $name<N> {
            const MASK: usize = {
                assert!(N.is_power_of_two(), "a ring's size is a power of two");
                N - 1
            };

            pub const fn new() -> Self {
                let _ = Self::MASK;
                Self {
                    slots: [const { <$atomic>::new(0) }; N],
                    head: AtomicUsize::new(0),
                    tail: AtomicUsize::new(0),
                }
            }

            pub fn len(&self) -> usize {
                let tail = self.tail.load(Ordering::Acquire);
                self.head.load(Ordering::Acquire).wrapping_sub(tail).min(N)
            }

            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// Producer side. False means full: nothing was stored, and the caller counts the loss.
            pub fn push(&self, item: $item) -> bool {
                self.push_all(&[item])
            }

            /// Producer side. Stores all items or none.
            pub fn push_all(&self, items: &[$item]) -> bool {
                let head = self.head.load(Ordering::Relaxed);
                let used = head.wrapping_sub(self.tail.load(Ordering::Acquire));
                if items.len() > N.saturating_sub(used) {
                    return false;
                }
                for (i, item) in items.iter().enumerate() {
                    if let Some(slot) = self.slots.get(head.wrapping_add(i) & Self::MASK) {
                        slot.store(*item, Ordering::Relaxed);
                    }
                }
                self.head.store(head.wrapping_add(items.len()), Ordering::Release);
                true
            }

            /// Consumer side.
            pub fn pop(&self) -> Option<$item> {
                let mut out = [0];
                self.pop_all(&mut out).then_some(out[0])
            }

            /// Consumer side. Fills `out` or takes nothing: records of several items stay whole.
            pub fn pop_all(&self, out: &mut [$item]) -> bool {
                let tail = self.tail.load(Ordering::Relaxed);
                if self.head.load(Ordering::Acquire).wrapping_sub(tail) < out.len() {
                    return false;
                }
                for (i, item) in out.iter_mut().enumerate() {
                    if let Some(slot) = self.slots.get(tail.wrapping_add(i) & Self::MASK) {
                        *item = slot.load(Ordering::Relaxed);
                    }
                }
                self.tail.store(tail.wrapping_add(out.len()), Ordering::Release);
                true
            }

            /// Consumer side: forgets what is queued.
            pub fn clear(&self) {
                self.tail.store(self.head.load(Ordering::Acquire), Ordering::Release);
            }
        }

        impl<const N: usize> Default for $name<N> {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

ring!(
    /// Bytes: what a UART interrupt received.
    ByteRing, u8, AtomicU8
);
ring!(
    /// Machine words: posted events, each a record of several words (function, argument, …).
    WordRing, usize, AtomicUsize
);

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{sync::Arc, thread};

    #[test]
    fn full_and_empty() {
        let r: ByteRing<4> = ByteRing::new();
        assert_eq!(r.pop(), None);
        assert!(r.push_all(&[1, 2, 3]) && !r.push_all(&[4, 5]) && r.push(4) && !r.push(5));
        assert_eq!((r.len(), r.pop(), r.pop()), (4, Some(1), Some(2)));
        assert!(r.push_all(&[5, 6]));
        let mut out = [0; 5];
        assert!(!r.pop_all(&mut out));
        assert!(r.pop_all(&mut out[..4]));
        assert_eq!(out, [3, 4, 5, 6, 0]);
        r.push(9);
        r.clear();
        assert!(r.is_empty());
    }

    #[test]
    fn counters_wrap() {
        let r: WordRing<8> = WordRing::new();
        r.head.store(usize::MAX - 2, Ordering::Relaxed);
        r.tail.store(usize::MAX - 2, Ordering::Relaxed);
        for i in 0..20 {
            assert!(r.push_all(&[i, i + 1]) && r.len() == 2);
            let mut out = [0; 2];
            assert!(r.pop_all(&mut out));
            assert_eq!(out, [i, i + 1]);
        }
    }

    #[test]
    fn two_threads() {
        let count = if cfg!(miri) { 100 } else { 20_000 };
        let ring: Arc<WordRing<16>> = Arc::new(WordRing::new());
        let producer = ring.clone();
        let t = thread::spawn(move || {
            for i in 0..count {
                while !producer.push_all(&[i, !i]) {
                    thread::yield_now();
                }
            }
        });
        let mut next = 0;
        while next < count {
            let mut out = [0; 2];
            if ring.pop_all(&mut out) {
                assert_eq!(out, [next, !next]);
                next += 1;
            } else {
                thread::yield_now();
            }
        }
        t.join().unwrap();
    }
}
