//! The word that the dispatch loop tests at every safepoint.
//!
//! Invariants
//! - it is one aligned word of four bytes, and each byte has one kind of writer, so no write loses another's bit:
//!   bytes 0 and 1 the task that has the VM (the heap's bits and the VM's); bytes 2 and 3 other tasks and interrupts, which
//!   all set the same single bit of a byte, and the VM clears it before it looks;
//! - bytes and word are stored and loaded atomically, which every target can do without compare-and-swap.

use core::sync::atomic::{AtomicU8, AtomicU32, Ordering};

#[repr(C, align(4))]
pub struct Pending([AtomicU8; 4]);

impl Pending {
    pub(super) const fn new() -> Pending {
        Pending([const { AtomicU8::new(0) }; 4])
    }
    /// Everything that is pending.
    #[inline(always)]
    pub(super) fn word(&self) -> u32 {
        // SAFETY: the word is aligned and lives as long as `self`; an atomic may be read in another width.
        unsafe { (*(&raw const self.0).cast::<AtomicU32>()).load(Ordering::Relaxed) }
    }
    /// Gives each byte that `bits` is about what `change` makes of it and its part of them. The bits are constants where
    /// this is used, so no loop is left there.
    #[inline(always)]
    fn change(&self, bits: u32, change: impl Fn(u8, u8) -> u8) {
        let [first, second, third, fourth] = &self.0;
        let one = |byte: &AtomicU8, part: u8| {
            if part != 0 {
                byte.store(change(byte.load(Ordering::Acquire), part), Ordering::Release);
            }
        };
        one(first, bits as u8);
        one(second, (bits >> 8) as u8);
        one(third, (bits >> 16) as u8);
        one(fourth, (bits >> 24) as u8);
    }
    /// Sets bits that belong to the calling kind of writer.
    #[inline(always)]
    pub(super) fn set(&self, bits: u32) {
        self.change(bits, |byte, part| byte | part);
    }
    #[inline(always)]
    pub(super) fn clear(&self, bits: u32) {
        self.change(bits, |byte, part| byte & !part);
    }
}

impl super::Heap {
    /// Everything that is pending; 0 in the common case.
    #[inline(always)]
    pub fn pending(&self) -> u32 {
        self.pending.word()
    }
    /// Each writer sets the bits of its own byte only.
    #[inline(always)]
    pub fn set_pending(&self, bits: u32) {
        self.pending.set(bits);
    }
    #[inline(always)]
    pub fn clear_pending(&self, bits: u32) {
        self.pending.clear(bits);
    }
    /// Sets bits of the bytes that belong to other tasks and interrupts.
    ///
    /// # Safety
    /// `heap` is in place; whoever has the VM may be using the rest of it meanwhile.
    #[inline(always)]
    pub unsafe fn ask(heap: *const super::Heap, bits: u32) {
        // SAFETY: only the atomics are looked at.
        let Pending([_, _, third, fourth]) = unsafe { &(*heap).pending };
        // Interrupts come here: no loop over the bytes.
        if bits >> 16 & 0xff != 0 {
            third.store((bits >> 16) as u8, Ordering::Release);
        }
        if bits >> 24 != 0 {
            fourth.store((bits >> 24) as u8, Ordering::Release);
        }
    }
}
