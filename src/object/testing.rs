//! For tests: a small heap over a `Vec`.

use crate::heap::Heap;
use std::vec;

/// Runs `f` with a heap of 64 KB.
#[allow(unsafe_code)]
pub fn with_heap(f: impl FnOnce(&mut Heap)) {
    let mut mem = vec![0u64; 8192];
    // SAFETY: the memory is 8-aligned and lives until `f` has returned.
    let mut heap = unsafe { Heap::new(mem.as_mut_ptr().cast(), mem.len() * 8) };
    f(&mut heap);
}
