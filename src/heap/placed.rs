//! A value of any type in a heap cell instead of on the native stack: the large state of one call.
//!
//! Invariants
//! - the cell is the scratch of one call: nothing refers to it, nothing marks it, and it is freed when the call ends;
//! - the value holds the only borrow of the heap meanwhile, and nothing that the call returns borrows anything.

use super::{Heap, Kind, R};

/// Runs `work` on what `make` gives, which lies in the heap. `None` where it finds no room: `MemoryError` is raised then.
pub fn with_placed<'h, H: AsMut<Heap>, T: 'h, A: 'static>(
    heap: &'h mut H,
    make: impl FnOnce(&'h mut H) -> T,
    work: impl FnOnce(&mut T) -> A,
) -> R<A> {
    const { assert!(!core::mem::needs_drop::<T>()) };
    // A cell's payload is aligned to a word.
    let bytes = size_of::<T>() + align_of::<T>().saturating_sub(align_of::<u32>());
    let home = heap.as_mut();
    let cell = home.alloc(home.scratch_kind(Kind::Raw), bytes.div_ceil(4))?;
    let heap: *mut H = heap;
    // SAFETY: the heap is borrowed for `'h`, and while the value in the cell uses it, nothing here does.
    let place = unsafe {
        let payload = (*heap).as_mut().cell_ptr(cell).add(1).cast::<u8>();
        payload.add(payload.align_offset(align_of::<T>())).cast::<T>()
    };
    // SAFETY: the cell is large enough and belongs to this call; it neither moves nor is it freed before the end. What
    // lies in it has nothing to drop, and the result does not refer to it.
    unsafe {
        put(place, || make(&mut *heap));
        let done = work(&mut *place);
        (*heap).as_mut().free(cell);
        Ok(done)
    }
}

/// On its own, so that the way there takes native stack only while the value is made.
///
/// # Safety
/// `place` is valid for a write.
#[inline(never)]
unsafe fn put<T>(place: *mut T, make: impl FnOnce() -> T) {
    // SAFETY: the caller's promise.
    unsafe { place.write(make()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::{Raised, WordVec};
    extern crate std;
    use std::vec;

    struct Large<'h> {
        heap: &'h mut Heap,
        wide: [u64; 40],
        items: WordVec,
    }

    #[test]
    fn the_state_of_a_call_lies_in_the_heap() {
        let mut mem = vec![0u64; 2000];
        // SAFETY: `mem` outlives the heap and is used by nothing else.
        let heap = &mut unsafe { Heap::new(mem.as_mut_ptr().cast(), mem.len() * 8) };
        let free = heap.free_bytes();
        let sum = with_placed(
            heap,
            |heap| Large { heap, wide: [3; 40], items: WordVec::new() },
            |large| {
                for i in 0..300 {
                    large.items.push(large.heap, i)?;
                }
                large.heap.verify().expect("the heap is whole");
                let sum = large.items.as_slice(large.heap).iter().sum::<u32>();
                large.items.free(large.heap);
                Ok::<u32, Raised>(sum + large.wide.iter().sum::<u64>() as u32)
            },
        );
        assert_eq!(sum, Ok(Ok(300 * 299 / 2 + 120)));
        assert_eq!(heap.free_bytes(), free);
        assert!(with_placed(heap, |_| [0u64; 3000], |_| ()).is_err());
        assert!(heap.is_out_of_memory());
    }
}
