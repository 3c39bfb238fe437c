//! Memory at addresses that a program names (`uctypes`): spans whose owner is `Value::FOREIGN`.
//!
//! Invariants
//! - an address has 48 bits: the span's `from_word` holds the upper 16, `offset` the lower 32;
//! - nothing vouches for such memory but the program that named the address, as with any device register; a null
//!   address gives no bytes.

use super::Heap;
use super::span::Span;
use crate::heap::Value;

/// Addresses end here.
pub const END: u64 = 1 << 48;

impl Span {
    /// `len` bytes at an address; none from `END` on.
    pub fn of_address(address: u64, len: usize) -> Span {
        let address = if address < END { address } else { 0 };
        Span {
            owner: Value::FOREIGN,
            from_word: (address >> 32) as u16,
            offset: address as u32,
            len: len as u32,
        }
    }
    fn address(self) -> usize {
        (u64::from(self.from_word) << 32 | u64::from(self.offset)) as usize
    }
}

impl Heap {
    /// Where the bytes of a span lie.
    pub fn address_of(&self, s: Span) -> u64 {
        if s.owner == Value::FOREIGN { s.address() as u64 } else { self.span_bytes(s).as_ptr() as u64 }
    }
    pub(super) fn foreign(&self, s: Span) -> &[u8] {
        if s.address() == 0 {
            return &[];
        }
        // SAFETY: the program that named the address vouches for the memory.
        unsafe { core::slice::from_raw_parts(s.address() as *const u8, s.len as usize) }
    }
    pub(super) fn foreign_mut(&mut self, s: Span) -> &mut [u8] {
        if s.address() == 0 {
            return &mut [];
        }
        // SAFETY: as `foreign`.
        unsafe { core::slice::from_raw_parts_mut(s.address() as *mut u8, s.len as usize) }
    }
    /// Copies as many bytes as both have, where one of the spans at least is foreign; they may overlap.
    pub(super) fn copy_foreign(&mut self, to: Span, from: Span) {
        let source = self.span_bytes(from);
        let (source, have) = (source.as_ptr(), source.len());
        let room = self.span_bytes_mut(to);
        // SAFETY: both are runs of that many bytes; `copy` allows them to overlap.
        unsafe { core::ptr::copy(source, room.as_mut_ptr(), have.min(room.len())) }
    }
}
