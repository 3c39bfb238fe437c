//! A piece of raw memory that is handed out from its low end, never taken back.
//!
//! Invariant: `start..start + len` is exclusively the region's own, and what `take` returned is no longer in it.

use core::ptr::NonNull;

/// Memory that the firmware gave to a VM and that nobody uses yet.
pub struct Region {
    start: NonNull<u8>,
    len: usize,
}

impl Region {
    /// # Safety
    /// `len` bytes from `start` are valid for reads and writes, used by nobody else, as long as anything carved out of the
    /// region is used.
    pub unsafe fn new(start: NonNull<u8>, len: usize) -> Region {
        Region { start, len }
    }

    /// A region over memory that is given away for good.
    pub fn of_words(memory: &'static mut [u64]) -> Region {
        let len = size_of_val(memory);
        Region { start: NonNull::from(memory).cast(), len }
    }

    /// Bytes left.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where the rest begins. Reading and writing it is unsafe as with every raw pointer.
    pub fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// Cuts off `len` bytes whose address is a multiple of `align` (a power of two).
    pub fn take(&mut self, len: usize, align: usize) -> Option<NonNull<u8>> {
        let gap = self.start.as_ptr().align_offset(align);
        let whole = gap.checked_add(len)?;
        let rest = self.len.checked_sub(whole)?;
        // SAFETY: gap <= gap + len <= self.len, so both pointers stay within the region or one past its end.
        let (piece, start) = unsafe { (self.start.add(gap), self.start.add(whole)) };
        self.start = start;
        self.len = rest;
        Some(piece)
    }
}
