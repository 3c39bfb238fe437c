//! The sweep: white cells become free memory, neighbours are joined.
//!
//! Invariants
//! - behind `cursor` every cell is live or free and listed; at and before it, white cells are dead, though not yet free;
//! - free memory stays available all the time: the cells in the lists are taken out one by one where the walk joins
//!   them. Only the list of one-granule cells, which cannot be taken out of the middle, starts anew;
//! - nothing that runs here allocates or runs Python.

use super::cells::{KIND, SIZE_SHIFT};
use super::mark::{BLACK_OR_WHITE, COLOUR, GREY};
use super::{Heap, Kind, Phase, lent};

/// What sweeping costs, in instructions (`cargo xtask bench steps` measures them): a run of free memory that is listed, a
/// cell of it that was free already or has died, a live cell.
const PER_RUN: i32 = 100;
const PER_FREE: i32 = 60;
const PER_DEAD: i32 = 60;
const PER_LIVE: i32 = 25;

#[inline(always)]
fn is_held(header: u32) -> bool {
    lent::GIVES_WAY && header & KIND == Kind::Held as u32
}

impl Heap {
    pub(super) fn begin_sweep(&mut self) {
        self.seal();
        self.marking = false;
        self.phase = Phase::Sweep;
        self.cursor = 1;
        if let Some(ones) = self.small.first_mut() {
            *ones = 0;
        }
    }
    /// Sweeps for about `budget` instructions; the cycle ends with the last cell. Returns what is left.
    pub(super) fn sweep_some(&mut self, mut budget: i32) -> i32 {
        let mut p = self.cursor;
        while p < self.end && budget > 0 {
            budget -= PER_RUN;
            if self.is_bump(p) {
                p = self.bump_end;
                continue;
            }
            p = self.skip_live(p, &mut budget);
            if p >= self.end || self.is_bump(p) || budget <= 0 {
                continue;
            }
            let run = p;
            p = self.free_run(run, &mut budget);
            // An interrupted run is gone on with: its beginning is met again, as one free cell.
            self.cursor = if budget > 0 { p } else { run };
            if self.is_bump(p) && budget > 0 {
                self.bump = run;
                p = self.bump_end;
            } else if p > run {
                self.put_free(run, p - run);
            }
            if budget <= 0 {
                return budget;
            }
        }
        self.cursor = p;
        if p >= self.end {
            self.phase = Phase::Idle;
            self.pace.counts.cycles += 1;
            self.grant_idle();
        }
        budget
    }
    /// The first cell from `p` on that is dead or free; or the end, the bump chunk, or where the budget ends.
    fn skip_live(&self, mut p: u32, budget: &mut i32) -> u32 {
        let (base, white) = (self.base, self.birth ^ BLACK_OR_WHITE);
        let stop = if self.bump < self.bump_end && p <= self.bump { self.bump } else { self.end };
        let mut left = *budget;
        while p < stop && left > 0 {
            // SAFETY: `p` is below the region's end. Local names, because the compiler would read the fields again after
            // each store.
            unsafe {
                let at = base.add(p as usize * 2);
                let h = *at;
                if h & KIND == Kind::Free as u32 || h & COLOUR == white {
                    if !is_held(h) {
                        break;
                    }
                    *at = h & !COLOUR | white ^ BLACK_OR_WHITE;
                } else if h & GREY != 0 {
                    *at = h & !COLOUR | white ^ BLACK_OR_WHITE;
                }
                p += (h >> SIZE_SHIFT).max(1);
            }
            left -= PER_LIVE;
        }
        *budget = left;
        p
    }
    /// Frees the dead cells from `p` on, up to a live one, and takes free ones out of their lists. Returns their end.
    fn free_run(&mut self, mut p: u32, budget: &mut i32) -> u32 {
        let (base, white) = (self.base, self.birth ^ BLACK_OR_WHITE);
        let stop = if self.bump < self.bump_end && p <= self.bump { self.bump } else { self.end };
        let (mut left, mut freed) = (*budget, 0);
        while p < stop && left > 0 {
            // SAFETY: `p` is below the region's end; local names as in `skip_live`.
            let h = unsafe { *base.add(p as usize * 2) };
            let n = (h >> SIZE_SHIFT).max(1);
            if h & KIND == Kind::Free as u32 {
                if n > 1 {
                    self.unlink(p, n);
                }
                left -= PER_FREE;
            } else if h & COLOUR == white && !is_held(h) {
                left -= PER_DEAD;
                if h & KIND == Kind::Str as u32 {
                    left -= self.forget_string(p, h);
                }
                self.note_died(p);
                freed += n as i32;
            } else {
                break;
            }
            p += n;
        }
        self.free_base += freed;
        *budget = left;
        p
    }
}
