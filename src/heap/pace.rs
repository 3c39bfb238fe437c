//! Pacing: when a collection cycle is wanted, and how much work allocations do for it.
//!
//! Invariants
//! - `credit` granules may be allocated before the next piece of work; the slow path grants the next credit;
//! - between cycles the credit lasts until half of the free memory is used up; then `pending` asks for a cycle, which
//!   the VM starts at its next safepoint, while there is still room to finish it in steps;
//! - while a cycle runs, each credit is paid with a step. Its size and the credit's are chosen at the cycle's start so
//!   that marking ends before half of the room left is used: usually `STEP` instructions for many bytes, and in a tight
//!   heap many for `LEAST` granules. Between two safepoints allocations do `PART` of it at most; what they owe beyond that is
//!   a debt, which the VM pays at its next safepoint, in steps between which others may have it. (Where flash counts most
//!   nobody waits: an allocation does all it owes, `MAX_STEP` at most.) Memory that runs out nevertheless is an out-of-memory
//!   error, which the VM answers with a collection in steps of `MAX_STEP`.
//! - costs are counted in instructions of a Cortex-M3, roughly.

use super::alloc::SMALL;
use super::{Heap, Phase};

/// Usual and largest work of one step, in instructions. A step may overshoot by what one cell costs: it stays below 20,000.
pub const STEP: i32 = 2_000;
pub const MAX_STEP: i32 = 12_000;
/// Work of all allocations between two safepoints, and of a step that pays for them later: others wait for that beside what the
/// native itself does.
const PART: i32 = 4_000;
/// What a credit may owe in a tight heap.
const MOST_OWED: i32 = 1 << 24;
/// Credits of a running cycle, in granules.
const LEAST: u32 = 16;
const MOST: u32 = 512;
/// Instructions that a granule in use costs a cycle, marked and swept.
const PER_GRANULE: u32 = 90;

/// The bit of `Heap::pending` that asks for a collection cycle. The others belong to the VM.
pub const PENDING_CYCLE: u32 = 1;

/// When cycles start: the tests' three modes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Normal,
    /// Never asks for a cycle: only explicit and emergency collections happen.
    Never,
    /// Asks for a cycle all the time; the VM runs each to its end at once.
    Always,
}

/// What a run of the heap has done so far.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    pub cycles: u32,
    pub steps: u32,
    /// The largest step, in counted instructions.
    pub max_step_work: u32,
    /// Times that the mark stack was moved to free memory.
    pub spills: u32,
    /// Walks over the heap for want of a mark stack.
    pub rescans: u32,
    /// Allocations that `fail_at` (or a test's probe) refused; not those that a lock did.
    pub refused: u32,
}

pub(super) struct Pace {
    /// Work of a step, granules of a credit in the running cycle.
    pub budget: i32,
    quantum: u32,
    /// Work that allocations have done since the last safepoint, and that is owed for what was allocated; neither in builds
    /// where flash counts most, whose heaps have no large arrays.
    done: i32,
    debt: i32,
    mode: Mode,
    /// Allocations until one fails, 0 for none; and whether all after it fail too.
    inject: u32,
    from_then_on: bool,
    locks: u16,
    pub counts: Counts,
}

impl Pace {
    pub const fn new() -> Pace {
        Pace {
            budget: STEP,
            quantum: LEAST,
            done: 0,
            debt: 0,
            mode: Mode::Normal,
            inject: 0,
            from_then_on: false,
            locks: 0,
            counts: Counts { cycles: 0, steps: 0, max_step_work: 0, spills: 0, rescans: 0, refused: 0 },
        }
    }
}

impl Heap {
    pub fn counts(&self) -> Counts {
        self.pace.counts
    }
    pub fn set_mode(&mut self, mode: Mode) {
        self.pace.mode = mode;
        match mode {
            Mode::Always => self.set_pending(PENDING_CYCLE),
            _ => self.drop_pending(PENDING_CYCLE),
        }
    }
    pub fn mode(&self) -> Mode {
        self.pace.mode
    }
    /// Grants a credit: free memory stays what it was.
    pub(super) fn grant(&mut self, credit: u32) {
        // Without credit every allocation takes the slow path, which asks `injected`.
        let counted = self.pace.inject != 0 || self.pace.locks != 0;
        let credit = if counted { 0 } else { credit as i32 };
        self.free_base += self.credit - credit;
        self.credit = credit;
    }
    /// The credit of the time between two cycles.
    pub(super) fn grant_idle(&mut self) {
        let free = (self.free_bytes() / 8) as u32;
        self.grant((free / 2).max(self.end / 64));
        if self.pace.mode == Mode::Always {
            self.set_pending(PENDING_CYCLE);
        }
    }
    /// Sizes the steps of a cycle that begins now.
    pub(super) fn plan(&mut self) {
        let room = (self.free_bytes() / 16) as u32;
        let work = (self.end - room).saturating_mul(PER_GRANULE).max(1);
        // A step for each quantum: `room / quantum * budget >= work`.
        let quantum = (room as u64 * STEP as u64 / work as u64).clamp(LEAST as u64, MOST as u64) as u32;
        let budget = work as u64 * quantum as u64 / room.max(1) as u64;
        self.pace.quantum = quantum;
        let most = if self.defers() { MOST_OWED } else { MAX_STEP };
        self.pace.budget = budget.clamp(STEP as u64, most as u64) as i32;
        self.grant(quantum);
    }
    /// The credit does not cover an allocation of `g` granules: does what is due and grants a new one. Returns its work.
    pub(super) fn pay(&mut self, g: u32) -> i32 {
        if self.phase == Phase::Idle {
            if self.pace.mode != Mode::Never {
                self.set_pending(PENDING_CYCLE);
            }
            let free = (self.free_bytes() / 8) as u32;
            self.grant((free / 4).max(g));
            return 0;
        }
        let quanta = (g / self.pace.quantum.max(1)).min(MAX_STEP as u32) as i32 + 1;
        let due = self.pace.budget.saturating_mul(quanta);
        let work = if self.defers() { self.pay_part(due) } else { self.step(due.min(MAX_STEP)) };
        if self.phase != Phase::Idle {
            self.grant(self.pace.quantum.max(g));
        }
        work
    }
    /// Work that is due may wait for the next safepoint.
    fn defers(&self) -> bool {
        cfg!(not(feature = "tiny")) && self.pace.mode == Mode::Normal
    }
    /// Does of what is due as much as is left of `PART`; the rest is owed. Once half of `PART` is done the next safepoint is to
    /// count anew.
    fn pay_part(&mut self, due: i32) -> i32 {
        let now = due.min(PART - self.pace.done).max(0);
        let work = if now > 0 { self.step(now) } else { 0 };
        if self.phase != Phase::Idle {
            self.pace.done += work;
            self.pace.debt = self.pace.debt.saturating_add(due - now);
            if self.pace.debt > 0 || self.pace.done > PART / 2 {
                self.set_pending(PENDING_CYCLE);
            }
        }
        work
    }
    /// An allocation of `g` granules finds no memory amid a sweep: sweeps on, and gives the work. A small one finds some soon;
    /// for a large one the VM sweeps on, and others have their turns.
    pub(super) fn sweep_ahead(&mut self, g: u32, most: i32) -> i32 {
        let due = most.min(self.pace.budget);
        if !self.defers() || g <= SMALL {
            return self.step(due);
        }
        let left = PART - self.pace.done;
        if left > 0 { self.pay_part(due.min(left)).max(1) } else { most }
    }
    /// A safepoint, at which who waits gets the VM: allocations may do work again. True if the running cycle is owed some.
    #[cfg(not(feature = "tiny"))]
    pub fn owes(&mut self) -> bool {
        self.pace.done = 0;
        self.pace.debt > 0
    }
    /// A step of what is owed, at a safepoint.
    #[cfg(not(feature = "tiny"))]
    pub fn pay_debt(&mut self) {
        self.pace.debt -= self.step(self.pace.debt.min(PART)).max(1);
    }
    /// One step of the running cycle. Returns the work done.
    #[inline(never)] // `cargo xtask bench steps` counts its instructions
    pub(super) fn step(&mut self, budget: i32) -> i32 {
        let left = match self.phase {
            Phase::Idle => return 0,
            Phase::Mark => self.mark_some(budget),
            Phase::Sweep => self.sweep_some(budget),
        };
        if cfg!(not(feature = "tiny")) && self.phase == Phase::Idle {
            // The cycle has ended: nothing is owed, and the next one is not wanted for that.
            (self.pace.done, self.pace.debt) = (0, 0);
            if self.pace.mode != Mode::Always {
                self.drop_pending(PENDING_CYCLE);
            }
        }
        let work = budget - left;
        let c = &mut self.pace.counts;
        c.steps += 1;
        c.max_step_work = c.max_step_work.max(work.max(0) as u32);
        work
    }
    /// What is garbage is known, and being freed.
    pub fn is_sweeping(&self) -> bool {
        self.phase == Phase::Sweep
    }
    /// No cycle is running.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.phase == Phase::Idle
    }
    /// The largest step of the running cycle, for `gc.collect()` and when memory ran out: the VM calls it until it
    /// returns true (the cycle has ended), and may let others run in between.
    pub fn collect_step(&mut self) -> bool {
        self.step(MAX_STEP);
        self.phase == Phase::Idle
    }

    /// Bytes of the heap's own tables (interned strings, finalizers).
    pub fn own_bytes(&self) -> usize {
        let tables = self.string_tables().into_iter().chain([self.finals.table()]).flatten();
        tables.map(|v| (self.words(v) + 1) * 4).sum()
    }
    /// Nothing can be allocated until `unlock` was called as often. Returns how often it is locked now.
    pub fn lock(&mut self) -> u16 {
        self.pace.locks = self.pace.locks.saturating_add(1);
        self.grant_idle();
        self.pace.locks
    }
    pub fn unlock(&mut self) -> u16 {
        self.pace.locks = self.pace.locks.saturating_sub(1);
        if self.pace.locks == 0 {
            self.grant_idle();
        }
        self.pace.locks
    }
    /// Locks it as often as another task had when it was here last.
    pub fn set_locks(&mut self, n: u16) {
        if n != self.pace.locks {
            self.pace.locks = n;
            self.grant_idle();
        }
    }
    pub fn locks(&self) -> u16 {
        self.pace.locks
    }

    // ---- failure injection -----------------------------------------------------------------------------------

    /// Makes the `n`-th allocation from now (from 1 on) fail, or it and all that follow; 0 ends it.
    pub fn fail_at(&mut self, n: u32, from_then_on: bool) {
        self.pace.inject = n;
        self.pace.from_then_on = from_then_on;
        self.grant_idle();
    }
    /// The next allocation is not one of those that `fail_at` counts.
    pub(super) fn let_next_pass(&mut self) {
        if self.pace.inject != 0 {
            self.pace.inject = self.pace.inject.saturating_add(1);
        }
    }
    /// Counts an allocation; true if it shall fail. While the heap is locked all do, and none counts.
    pub(super) fn injected(&mut self) -> bool {
        if self.pace.locks != 0 {
            return true;
        }
        if self.probed() {
            self.pace.counts.refused = self.pace.counts.refused.saturating_add(1);
            return true;
        }
        match self.pace.inject {
            0 => return false,
            1 => (),
            _ => {
                self.pace.inject -= 1;
                return false;
            }
        }
        if !self.pace.from_then_on {
            self.pace.inject = 0;
            self.grant_idle();
        }
        self.pace.counts.refused = self.pace.counts.refused.saturating_add(1);
        true
    }
}
