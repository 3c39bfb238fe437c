//! What is to be looked after at the next safepoint, and the word that says whether there is anything.
//!
//! Invariants
//! - the dispatch loop tests one word: it is not 0 whenever one of the others has a bit. Everybody may set it; the task that
//!   has the VM alone sets it to 0, and looks at the others after that;
//! - it may be set although no other has a bit, when an asker is overtaken: the next safepoint clears it (`clear_pending(0)`);
//! - the others have one kind of writer each, so no write loses another's bit: the task that has the VM; and other tasks
//!   and interrupts, which all store the same single bit, and the VM clears it before it looks after it;
//! - all are words, loaded and stored whole, which every target can do without compare-and-swap.

use core::sync::atomic::{AtomicU32, Ordering};

/// Bits that other tasks and interrupts set, each with a word of its own: events, and the wish to have the VM.
const EVENTS: u32 = 1 << 16;
const TURN: u32 = 1 << 24;

pub struct Pending {
    /// Not 0: look at the others.
    any: AtomicU32,
    /// Bits of the task that has the VM: the heap's and the VM's.
    own: AtomicU32,
    events: AtomicU32,
    turn: AtomicU32,
}

impl Pending {
    pub(super) const fn new() -> Pending {
        Pending {
            any: AtomicU32::new(0),
            own: AtomicU32::new(0),
            events: AtomicU32::new(0),
            turn: AtomicU32::new(0),
        }
    }
    fn bits(&self) -> u32 {
        self.own.load(Ordering::Relaxed)
            | self.events.load(Ordering::SeqCst)
            | self.turn.load(Ordering::SeqCst)
    }
    /// As the task that has the VM.
    fn set(&self, bits: u32) {
        let own = bits & !(EVENTS | TURN);
        self.own.store(self.own.load(Ordering::Relaxed) | own, Ordering::Relaxed);
        self.ask(bits);
    }
    fn clear(&self, bits: u32) {
        self.own.store(self.own.load(Ordering::Relaxed) & !bits, Ordering::Relaxed);
        if bits & EVENTS != 0 {
            self.events.store(0, Ordering::SeqCst);
        }
        if bits & TURN != 0 {
            self.turn.store(0, Ordering::SeqCst);
        }
        // Whoever asks between these two has set his own word first.
        self.any.store(0, Ordering::SeqCst);
        if self.bits() != 0 {
            self.any.store(1, Ordering::SeqCst);
        }
    }
    #[inline(always)]
    fn ask(&self, bits: u32) {
        if bits & EVENTS != 0 {
            self.events.store(EVENTS, Ordering::SeqCst);
        }
        if bits & TURN != 0 {
            self.turn.store(TURN, Ordering::SeqCst);
        }
        self.any.store(1, Ordering::SeqCst);
    }
}

impl super::Heap {
    /// Whether anything is pending: 0 in the common case.
    #[inline(always)]
    pub fn pending(&self) -> u32 {
        self.pending.any.load(Ordering::Relaxed)
    }
    /// What is pending.
    pub fn pending_bits(&self) -> u32 {
        self.pending.bits()
    }
    pub fn set_pending(&self, bits: u32) {
        self.pending.set(bits);
    }
    pub fn clear_pending(&self, bits: u32) {
        self.pending.clear(bits);
    }
    /// Sets bits of other tasks and interrupts.
    ///
    /// # Safety
    /// `heap` is in place; whoever has the VM may be using the rest of it meanwhile.
    #[inline(always)]
    pub unsafe fn ask(heap: *const super::Heap, bits: u32) {
        // SAFETY: only the atomics are looked at.
        unsafe { &(*heap).pending }.ask(bits);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn what_others_ask_for_is_seen() {
        static PENDING: Pending = Pending::new();
        const ROUNDS: u32 = 2000;
        let asked = AtomicU32::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    while PENDING.events.load(Ordering::SeqCst) != 0 {
                        std::thread::yield_now();
                    }
                    asked.fetch_add(1, Ordering::SeqCst);
                    PENDING.ask(EVENTS);
                }
            });
            let mut seen = 0;
            while seen < ROUNDS {
                PENDING.set(2);
                PENDING.clear(2);
                if PENDING.any.load(Ordering::Relaxed) != 0 {
                    assert_eq!(PENDING.bits(), EVENTS);
                    PENDING.clear(EVENTS);
                    seen += 1;
                } else {
                    std::thread::yield_now();
                }
            }
        });
        assert_eq!((asked.load(Ordering::SeqCst), PENDING.bits()), (ROUNDS, 0));
    }
}
