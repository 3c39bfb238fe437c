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
    /// The first kind of the C interface.
    pub const FOREIGN: usize = 2;
}

pub struct Posts {
    slots: &'static [AtomicUsize],
    /// The oldest record, and how many there are.
    first: AtomicU16,
    len: AtomicU16,
    lost: AtomicU32,
}

impl Posts {
    /// Over memory for as many records as it has room for.
    pub fn new(slots: &'static [AtomicUsize]) -> Posts {
        Posts { slots, first: AtomicU16::new(0), len: AtomicU16::new(0), lost: AtomicU32::new(0) }
    }
    fn room(&self) -> usize {
        self.slots.len() / WORDS
    }
    fn record(&self, i: usize) -> &[AtomicUsize] {
        let room = self.room();
        let i = if i >= room { i - room } else { i };
        self.slots.get(i * WORDS..i * WORDS + WORDS).unwrap_or(&[])
    }
    /// Legal from any task or interrupt. False where there is no room: the loss is counted.
    pub fn push(&self, port: Port, post: Post) -> bool {
        let _section = Critical::enter(port);
        let n = usize::from(self.len.load(Relaxed));
        if n >= self.room() {
            self.lost.store(self.lost.load(Relaxed).wrapping_add(1), Relaxed);
            return false;
        }
        for (slot, word) in self.record(usize::from(self.first.load(Relaxed)) + n).iter().zip(post) {
            slot.store(word, Relaxed);
        }
        self.len.store(n as u16 + 1, Relaxed);
        true
    }
    /// The oldest record.
    pub fn pop(&self, port: Port) -> Option<Post> {
        let _section = Critical::enter(port);
        let n = self.len.load(Relaxed).checked_sub(1)?;
        let first = usize::from(self.first.load(Relaxed));
        let mut post = [0; WORDS];
        for (word, slot) in post.iter_mut().zip(self.record(first)) {
            *word = slot.load(Relaxed);
        }
        self.first.store(if first + 1 < self.room() { first as u16 + 1 } else { 0 }, Relaxed);
        self.len.store(n, Relaxed);
        Some(post)
    }
    /// Takes a record back that waits; false where it is gone already.
    pub fn cancel(&self, port: Port, post: Post) -> bool {
        let _section = Critical::enter(port);
        let first = usize::from(self.first.load(Relaxed));
        for i in 0..usize::from(self.len.load(Relaxed)) {
            let record = self.record(first + i);
            if record.iter().zip(post).all(|(slot, word)| slot.load(Relaxed) == word) {
                if let Some(kind) = record.first() {
                    kind.store(kind::NOTHING, Relaxed);
                }
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
