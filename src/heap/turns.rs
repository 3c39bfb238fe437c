//! Long work of natives that have only the heap: they give way to who waits for the VM.
//!
//! Invariants
//! - a native gives way as it does when memory runs out: before it has changed anything; the VM calls it again;
//! - it gives way only where something is pending, and each time it may go on for twice as long, so that it ends.

use super::{Heap, PENDING_CYCLE, PENDING_FINALIZERS, R};

/// Instructions of work, roughly, before a native looks up for the first time.
const PATIENCE: u32 = 16_000;

pub(super) struct Turns {
    worked: u32,
    patience: u32,
    gave_way: bool,
}

impl Turns {
    pub(super) const fn new() -> Turns {
        Turns { worked: 0, patience: PATIENCE, gave_way: false }
    }
}

impl Heap {
    /// About `n` instructions of work were done, and nothing was changed that was there before.
    #[inline]
    pub fn work(&mut self, n: usize) -> R<()> {
        let worked = self.turns.worked.saturating_add(n as u32);
        self.turns.worked = worked;
        if worked < self.turns.patience { Ok(()) } else { self.look_around() }
    }
    #[cold]
    #[inline(never)]
    fn look_around(&mut self) -> R<()> {
        self.turns.worked = 0;
        if self.pending_bits() & !(PENDING_CYCLE | PENDING_FINALIZERS) == 0 {
            return Ok(());
        }
        self.turns.gave_way = true;
        Err(self.out_of_memory())
    }
    /// Whether a native has failed to give way, for the `turn`-th time: then how much it has worked. What comes next may
    /// go on for longer.
    pub fn gave_way(&mut self, turn: u32) -> Option<u32> {
        if !core::mem::take(&mut self.turns.gave_way) {
            return None;
        }
        let worked = self.turns.patience;
        self.turns.patience = PATIENCE << turn.min(16);
        Some(worked)
    }
    /// The native is done.
    pub fn end_turns(&mut self) {
        self.turns = Turns::new();
    }
}
