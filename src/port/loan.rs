//! Bytes of the heap that C works on while the VM is another task's.
//!
//! Invariant: whoever makes a `Loan` keeps its bytes in place until nobody uses it any more.

/// Where the bytes lie.
#[derive(Clone, Copy)]
pub struct Loan {
    pub(in crate::port) start: *mut u8,
    pub(in crate::port) len: usize,
}

impl Loan {
    #[cfg(feature = "machine-tables")]
    pub const NONE: Loan = Loan { start: core::ptr::null_mut(), len: 0 };

    /// # Safety
    /// The bytes are valid for reads, and for writes where C is asked to fill them, as long as this is used.
    pub unsafe fn new(start: *mut u8, len: usize) -> Loan {
        Loan { start, len }
    }
    #[cfg(feature = "machine-tables")]
    pub fn len(self) -> usize {
        self.len
    }
    #[cfg(feature = "machine-tables")]
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}
