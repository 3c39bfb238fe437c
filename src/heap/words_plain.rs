//! Long runs of words, moved and emptied as the C library does it.

/// Copies `n` words; the runs may overlap.
///
/// # Safety
/// Both runs are memory that may be read, and the second one memory that may be written.
#[inline(always)]
pub(super) unsafe fn copy(from: *const u32, to: *mut u32, n: usize) {
    // Small C libraries move upwards byte by byte.
    let by_words = cfg!(all(target_os = "none", not(feature = "tiny"))) && to.cast_const() > from;
    // SAFETY: the caller's promise. Volatile, or a call of `memmove` comes out.
    unsafe {
        if by_words {
            for i in (0..n).rev() {
                to.add(i).write_volatile(*from.add(i));
            }
        } else {
            core::ptr::copy(from, to, n)
        }
    }
}

/// Copies `n` bytes, whose runs may overlap.
///
/// # Safety
/// As `copy`.
#[inline(always)]
pub(super) unsafe fn copy_bytes(from: *const u8, to: *mut u8, n: usize) {
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
