//! What is to be looked after at the next safepoint, and the word that says whether there is anything.
//!
//! Invariants
//! - the dispatch loop tests one word: it is not 0 whenever one of the others has a bit or something is posted. Everybody may
//!   set it; the task that has the VM alone sets it to 0, and looks at the others after that, with a fence in between;
//! - whoever asks sets what is asked for first, and the word last, with a fence in between: so either the VM sees it when it
//!   looks, or the word is still set afterwards;
//! - it may be set although no other has a bit, when an asker is overtaken: the next safepoint clears it (`clear_pending(0)`);
//! - what is posted is pending until it is taken out, and `clear` cannot change that: with `PENDING_POSTED` it only clears
//!   the word, and whoever calls it does so again without it;
//! - the others have one kind of writer each, so no write loses another's bit: the task that has the VM; and other tasks
//!   and interrupts, which all store the same single bit, and the VM clears it before it looks after it;
//! - all are words or bytes, loaded and stored whole, which every target can do without compare-and-swap.

use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering::*, fence};

/// Bits that other tasks and interrupts set, each with a flag of its own: events, and the wish to have the VM.
const EVENTS: u32 = 1 << 16;
const TURN: u32 = 1 << 24;
/// The bit of `Heap::pending_bits` that says that something is posted.
pub const PENDING_POSTED: u32 = 1 << 9;

/// What `posted` points to while there is no queue.
static NOTHING: AtomicUsize = AtomicUsize::new(0);

pub struct Pending {
    /// Not 0: look at the others.
    any: AtomicU32,
    /// Bits of the task that has the VM: the heap's and the VM's.
    own: AtomicU32,
    events: AtomicBool,
    turn: AtomicBool,
    /// The record that the queue of posts serves next: its first word is not 0 once it has been posted.
    posted: AtomicPtr<AtomicUsize>,
}

impl Pending {
    pub(super) const fn new() -> Pending {
        Pending {
            any: AtomicU32::new(0),
            own: AtomicU32::new(0),
            events: AtomicBool::new(false),
            turn: AtomicBool::new(false),
            posted: AtomicPtr::new((&raw const NOTHING).cast_mut()),
        }
    }
    fn bits(&self) -> u32 {
        // SAFETY: `NOTHING`, or what `serve_next` was promised.
        let posted = unsafe { &*self.posted.load(Relaxed) }.load(Relaxed);
        let bit = |is_set: bool, bit| if is_set { bit } else { 0 };
        self.own.load(Relaxed)
            | bit(self.events.load(Relaxed), EVENTS)
            | bit(self.turn.load(Relaxed), TURN)
            | bit(posted != 0, PENDING_POSTED)
    }
    /// As the task that has the VM.
    fn set(&self, bits: u32) {
        let own = bits & !(EVENTS | TURN);
        self.own.store(self.own.load(Relaxed) | own, Relaxed);
        self.ask(bits);
    }
    fn clear(&self, bits: u32) {
        self.own.store(self.own.load(Relaxed) & !bits, Relaxed);
        if bits & EVENTS != 0 {
            self.events.store(false, Relaxed);
        }
        if bits & TURN != 0 {
            self.turn.store(false, Relaxed);
        }
        self.any.store(0, Relaxed);
        // What is looked at from here on was set before the word, or sets it again.
        fence(SeqCst);
        if self.bits() & !(bits & PENDING_POSTED) != 0 {
            self.any.store(1, Relaxed);
        }
    }
    #[inline(always)]
    fn ask(&self, bits: u32) {
        // What the bits stand for has been set before.
        fence(SeqCst);
        if bits & EVENTS != 0 {
            self.events.store(true, Relaxed);
        }
        if bits & TURN != 0 {
            self.turn.store(true, Relaxed);
        }
        self.any.store(1, Release);
    }
}

impl super::Heap {
    /// Whether anything is pending: 0 in the common case.
    #[inline(always)]
    pub fn pending(&self) -> u32 {
        self.pending.any.load(Relaxed)
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
    /// The same with bits of the task that has the VM, and quick where none of them is set.
    pub fn drop_pending(&self, bits: u32) {
        if self.pending.own.load(Relaxed) & bits != 0 {
            self.pending.clear(bits);
        }
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
    /// Something has been posted, and a fence lies behind that.
    ///
    /// # Safety
    /// As `ask`.
    #[inline(always)]
    pub unsafe fn tell_posted(heap: *const super::Heap) {
        // SAFETY: as `ask`.
        unsafe { &(*heap).pending.any }.store(1, Relaxed);
    }
    /// What has been posted is looked at from the next safepoint on: a task begins to use the VM, and a fence lies behind
    /// its saying so.
    pub fn look_for_posts(&self) {
        if self.pending.bits() & PENDING_POSTED != 0 {
            self.pending.any.store(1, Relaxed);
        }
    }
    /// The record that the queue of posts serves next, by its first word.
    ///
    /// # Safety
    /// As `ask`.
    pub unsafe fn next_post(heap: *const super::Heap) -> *const AtomicUsize {
        // SAFETY: as `ask`.
        unsafe { &(*heap).pending.posted }.load(Relaxed)
    }
    /// `PENDING_POSTED` is pending while the first word of this record is not 0.
    ///
    /// # Safety
    /// `heap` as with `ask`; the record is in place as long as the heap.
    pub unsafe fn serve_next(heap: *const super::Heap, record: *const AtomicUsize) {
        // SAFETY: as `ask`.
        unsafe { &(*heap).pending.posted }.store(record.cast_mut(), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn what_others_ask_for_is_seen() {
        static PENDING: Pending = Pending::new();
        const ROUNDS: u32 = if cfg!(miri) { 200 } else { 2000 };
        let asked = AtomicU32::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    while PENDING.events.load(SeqCst) {
                        std::thread::yield_now();
                    }
                    asked.fetch_add(1, SeqCst);
                    PENDING.ask(EVENTS);
                }
            });
            let mut seen = 0;
            while seen < ROUNDS {
                PENDING.set(2);
                PENDING.clear(2);
                if PENDING.any.load(Relaxed) == 0 {
                    std::thread::yield_now();
                } else if PENDING.bits() == 0 {
                    // As a safepoint does that sees the word before the bit.
                    PENDING.clear(0);
                } else {
                    assert_eq!(PENDING.bits(), EVENTS);
                    PENDING.clear(EVENTS);
                    seen += 1;
                }
            }
        });
        assert_eq!((asked.load(SeqCst), PENDING.bits()), (ROUNDS, 0));
    }

    #[test]
    fn what_is_posted_is_seen() {
        static PENDING: Pending = Pending::new();
        static RECORD: AtomicUsize = AtomicUsize::new(0);
        const ROUNDS: usize = if cfg!(miri) { 200 } else { 2000 };
        PENDING.posted.store((&raw const RECORD).cast_mut(), Relaxed);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for round in 1..=ROUNDS {
                    while RECORD.load(Relaxed) != 0 {
                        std::thread::yield_now();
                    }
                    RECORD.store(round, Relaxed);
                    fence(SeqCst);
                    PENDING.any.store(1, Relaxed);
                }
            });
            let mut seen = 0;
            while seen < ROUNDS {
                PENDING.set(2);
                PENDING.clear(2);
                if PENDING.any.load(Relaxed) == 0 {
                    std::thread::yield_now();
                } else if PENDING.bits() == 0 {
                    PENDING.clear(0);
                } else {
                    assert_eq!(PENDING.bits(), PENDING_POSTED);
                    seen += 1;
                    assert_eq!(RECORD.load(Relaxed), seen);
                    RECORD.store(0, Relaxed);
                }
            }
        });
    }
}
