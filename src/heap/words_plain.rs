//! Long runs of words, moved and emptied as the C library does it.

/// Copies `n` words; the runs may overlap.
///
/// # Safety
/// Both runs are memory that may be read, and the second one memory that may be written.
#[inline(always)]
pub(super) unsafe fn copy(from: *const u32, to: *mut u32, n: usize) {
    // SAFETY: the caller's promise.
    unsafe { core::ptr::copy(from, to, n) }
}

/// Makes `n` words 0.
///
/// # Safety
/// They are memory that may be written.
#[inline(always)]
pub(super) unsafe fn clear(at: *mut u32, n: usize) {
    // SAFETY: the caller's promise.
    unsafe { core::ptr::write_bytes(at, 0, n) }
}
