//! What other tasks and interrupts want done in the VM: a bounded queue of records, served at safepoints in order.
//!
//! Invariants
//! - a record is `WORDS` words; it is put in and taken out whole, inside the port's critical section, so any number of
//!   tasks and interrupts may post. The words are atomics for the sake of safe Rust: the section orders them;
//! - a record that finds no room is refused and counted; nothing that was accepted is lost before the VM is closed.

use crate::port::{Critical, Port};
use core::sync::atomic::{AtomicU16, AtomicU32, AtomicUsize, Ordering::Relaxed};

/// Words of a record: what is to be done (`kind`), and two words that the kind explains.
pub const WORDS: usize = 3;
pub type Post = [usize; WORDS];

/// Kinds of records that the VM itself knows; the others belong to the C interface.
pub mod kind {
    /// Taken back by whoever posted it.
    pub const NOTHING: usize = 0;
    /// The first of `Root::Scheduled`.
    pub const SCHEDULED: usize = 1;
    /// A device has something to say: its source, and what.
    #[cfg(feature = "machine-tables")]
    pub const DEVICE: usize = 2;
    /// The first kind of the C interface.
    pub const FOREIGN: usize = 3;
}

pub type Slot = [AtomicUsize; WORDS];

pub struct Posts {
    slots: &'static [Slot],
    /// The oldest record, and how many there are.
    first: AtomicU16,
    len: AtomicU16,
    lost: AtomicU32,
}

impl Posts {
    /// Over memory for as many records as wait at most.
    pub fn new(slots: &'static [Slot]) -> Posts {
        Posts { slots, first: AtomicU16::new(0), len: AtomicU16::new(0), lost: AtomicU32::new(0) }
    }
    /// The record `n` behind the oldest; both are smaller than the number of records.
    #[inline(always)]
    fn record(&self, n: usize) -> Option<&Slot> {
        let i = usize::from(self.first.load(Relaxed)) + n;
        let room = self.slots.len();
        self.slots.get(if i >= room { i - room } else { i })
    }
    /// Legal from any task or interrupt. False where there is no room: the loss is counted.
    pub fn push(&self, port: Port, post: Post) -> bool {
        self.push_here(port, post)
    }
    /// The same where it is worth a copy of its own.
    #[inline(always)]
    pub fn push_here(&self, port: Port, [what, first, second]: Post) -> bool {
        let _section = Critical::enter(port);
        let n = self.len.load(Relaxed);
        if usize::from(n) >= self.slots.len() {
            self.lost.store(self.lost.load(Relaxed).wrapping_add(1), Relaxed);
            return false;
        }
        if let Some([a, b, c]) = self.record(n.into()) {
            a.store(what, Relaxed);
            b.store(first, Relaxed);
            c.store(second, Relaxed);
            self.len.store(n + 1, Relaxed);
        }
        true
    }
    /// The oldest record.
    pub fn pop(&self, port: Port) -> Option<Post> {
        let _section = Critical::enter(port);
        let n = self.len.load(Relaxed).checked_sub(1)?;
        let post = self.record(0)?.each_ref().map(|word| word.load(Relaxed));
        let next = self.first.load(Relaxed) + 1;
        self.first.store(if usize::from(next) < self.slots.len() { next } else { 0 }, Relaxed);
        self.len.store(n, Relaxed);
        Some(post)
    }
    /// Takes a record back that waits; false where it is gone already.
    pub fn cancel(&self, port: Port, post: Post) -> bool {
        let _section = Critical::enter(port);
        for i in 0..usize::from(self.len.load(Relaxed)) {
            let Some(record) = self.record(i) else { break };
            if record.each_ref().map(|word| word.load(Relaxed)) == post {
                let [what, ..] = record;
                what.store(kind::NOTHING, Relaxed);
                return true;
            }
        }
        false
    }
    pub fn is_empty(&self) -> bool {
        self.len.load(Relaxed) == 0
    }
    pub fn len(&self) -> usize {
        self.len.load(Relaxed).into()
    }
    /// Records that were refused.
    pub fn lost(&self) -> u32 {
        self.lost.load(Relaxed)
    }
}
