//! A heap for tests of this folder.
#![allow(unsafe_code)]
use crate::heap::Heap;
use std::vec;

pub fn heap<T>(f: impl FnOnce(&mut Heap) -> T) -> T {
    sized(1 << 20, f)
}

pub fn sized<T>(bytes: usize, f: impl FnOnce(&mut Heap) -> T) -> T {
    let mut mem = vec![0u64; bytes / 8];
    // SAFETY: `mem` outlives the heap and nothing else touches it.
    let mut heap = unsafe { Heap::new(mem.as_mut_ptr().cast(), mem.len() * 8) };
    f(&mut heap)
}

/// The message of the exception on its way.
pub fn message(heap: &Heap) -> std::string::String {
    use crate::object::{exc, tuple};
    let Some(e) = heap.raised else { return "nothing raised".into() };
    if !e.is_heap() {
        return "out of memory".into();
    }
    let text = tuple::get(heap, heap.field(e, exc::field::ARGS), 0).unwrap();
    std::string::String::from_utf8_lossy(heap.str_bytes(text)).into()
}
