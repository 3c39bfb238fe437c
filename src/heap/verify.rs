//! The heap verifier: walks all cells and all free lists. For tests and for a look at a heap that went wrong.
//!
//! Invariant: reads only; never loops for ever, whatever the heap holds.

use super::alloc::{MAX_GRANULES, SMALL, bin_of};
use super::cells::{KIND, SIZE_SHIFT, first_ref};
use super::kind;
use super::mark::{COLOUR, GREY};
use super::{Heap, Kind, Phase, Value};

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A cell of no size or one that leads out of the region.
    Size,
    Kind,
    /// A colour that does not exist in this phase.
    Colour,
    /// A reference that is not the start of a cell in use.
    Reference,
    /// A free cell in a list of another size, or a used one in a list.
    List,
    /// A broken back link of a free list.
    Link,
    /// Free cells that no list holds.
    Lost,
    /// The free memory is not what is accounted for.
    Account,
}

/// What a walk over all cells has counted.
#[derive(Clone, Copy, Default)]
pub struct Census {
    /// Cells in use of at most 16 bytes, and of 17 to 32.
    pub ones: u32,
    pub twos: u32,
    /// Bytes of the largest cell in use.
    pub largest: usize,
}

/// A cell or a stretch of free memory, and the cursor of the next one.
pub struct Piece {
    pub bytes: u32,
    pub cell: Option<Value>,
    pub next: u32,
}

impl Heap {
    /// Counts the cells in use.
    pub fn census(&self) -> Census {
        let mut all = Census::default();
        let mut at = 0;
        while let Some(piece) = self.piece(at) {
            at = piece.next;
            let n = piece.bytes / 8;
            if piece.cell.is_some() {
                all.ones += (n <= 2) as u32;
                all.twos += (n == 3 || n == 4) as u32;
                all.largest = all.largest.max(piece.bytes as usize);
            }
        }
        all
    }
    /// The piece of the heap at a cursor that begins at 0: a cell, or free memory.
    pub fn piece(&self, cursor: u32) -> Option<Piece> {
        let p = cursor.max(1);
        if p >= self.end {
            return None;
        }
        if self.is_bump(p) {
            return Some(Piece { bytes: (self.bump_end - p) * 8, cell: None, next: self.bump_end });
        }
        let h = self.gw(p, 0);
        let n = h >> SIZE_SHIFT;
        let cell = if h & KIND == Kind::Free as u32 { None } else { Value::from_bits(p * 4) };
        (n != 0).then_some(Piece { bytes: n * 8, cell, next: p + n })
    }
    /// Bytes that were ever in use: what lies behind them is as it was at the start.
    pub fn reach(&self) -> usize {
        if self.bump_end == self.end { self.bump as usize * 8 } else { self.end as usize * 8 }
    }
    /// The first fault and the granule where it is.
    pub fn verify(&self) -> Result<(), (Fault, u32)> {
        let (listed, ones) = self.verify_lists()?;
        let (mut free, mut cells, mut free_ones) = (self.bump_end - self.bump, 0, 0);
        let mut p = 1;
        while p < self.end {
            if self.is_bump(p) {
                p = self.bump_end;
                continue;
            }
            let h = self.gw(p, 0);
            let n = h >> SIZE_SHIFT;
            if n == 0 || n > self.end - p {
                return Err((Fault::Size, p));
            }
            if h & KIND == Kind::Free as u32 {
                free += n;
                cells += (n > 1) as u32;
                free_ones += (n == 1) as u32;
            } else {
                self.verify_cell(p, h)?;
            }
            p += n;
        }
        if cells != listed || free_ones < ones || self.phase != Phase::Sweep && free_ones != ones {
            return Err((Fault::Lost, cells.abs_diff(listed)));
        }
        if free as usize * 8 != self.free_bytes() {
            return Err((Fault::Account, free));
        }
        Ok(())
    }
    fn verify_cell(&self, p: u32, h: u32) -> Result<(), (Fault, u32)> {
        if !kind::exists(h & KIND) {
            return Err((Fault::Kind, p));
        }
        let black = h & COLOUR == self.birth;
        let legal = match self.phase {
            Phase::Idle => black,
            Phase::Mark => true,
            Phase::Sweep => black || p >= self.cursor && h & COLOUR != GREY,
        };
        if !legal {
            return Err((Fault::Colour, p));
        }
        if self.phase == Phase::Sweep && self.is_white(h) {
            // Dead: it may refer to what has been freed already.
            return Ok(());
        }
        let leaf = first_ref(h) == 255;
        for i in first_ref(h)..if leaf { 0 } else { Heap::ref_end(h) } {
            let w = self.gw(p, i + 1);
            if w & 3 != 0 || w == 0 {
                continue;
            }
            let to = w >> 2;
            let target = self.gw(to, 0);
            if to >= self.end
                || target & KIND == Kind::Free as u32
                || !kind::exists(target & KIND)
                || !self.is_start(to)
                || self.phase == Phase::Sweep && self.is_white(target)
            {
                return Err((Fault::Reference, p));
            }
        }
        Ok(())
    }
    /// Cells in the lists: those of two granules and more, those of one.
    fn verify_lists(&self) -> Result<(u32, u32), (Fault, u32)> {
        let (mut listed, mut ones) = (0, 0);
        let lists = self.small.iter().chain(&self.large).enumerate();
        for (i, head) in lists {
            let (mut bits, mut before) = (*head, 0);
            while bits != 0 {
                let p = bits >> 2;
                let h = self.gw(p, 0);
                let n = h >> SIZE_SHIFT;
                let own = if n <= SMALL { n.wrapping_sub(1) as usize } else { SMALL as usize + bin_of(n) };
                if p >= self.end || h & KIND != Kind::Free as u32 || own != i || n > MAX_GRANULES {
                    return Err((Fault::List, p));
                }
                if n > 1 && before != 0 && self.gw(p, 2) != before {
                    return Err((Fault::Link, p));
                }
                *(if n > 1 { &mut listed } else { &mut ones }) += 1;
                if listed + ones > self.end {
                    return Err((Fault::Link, p));
                }
                before = bits;
                bits = self.gw(p, 1);
            }
        }
        Ok((listed, ones))
    }
}
