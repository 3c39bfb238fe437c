//! What other tasks and interrupts want done in the VM: a bounded queue of records, served at safepoints in order.
//!
//! Invariants
//! - the records lie in a ring; each leads to the next. The writer's place is the first that is free, unless all are taken;
//!   the reader's is the oldest taken one, or the same. A record is free while its first word, `what`, is 0;
//! - records are put in and taken out inside the port's critical section, so any number of tasks and interrupts may post,
//!   and what is not atomic is touched by one at a time; `what` alone is also looked at outside of it;
//! - a record that finds no room is refused and counted; nothing that was accepted is lost before the VM is closed.
#![allow(unsafe_code)]

use crate::heap::Heap;
use crate::port::{Critical, Port};
use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering::Relaxed};

/// What is to be done (`kind`), and two words that the kind explains.
pub type Post = [usize; 3];

/// Kinds of records that the VM itself knows; the others belong to the C interface.
pub mod kind {
    /// Taken back by whoever posted it.
    pub const NOTHING: usize = 1;
    /// The first of `Root::Scheduled`.
    pub const SCHEDULED: usize = 2;
    /// A device has something to say: its source, and what.
    #[cfg(feature = "machine-tables")]
    pub const DEVICE: usize = 3;
    /// The first kind of the C interface.
    pub const FOREIGN: usize = 4;
}

/// A place in the ring.
#[repr(C)]
pub struct Slot {
    /// The record's first word; 0 for none. `Heap::next_post` tells a slot by its address.
    what: AtomicUsize,
    words: Cell<(usize, usize)>,
    next: Cell<NonNull<Slot>>,
}

impl Slot {
    fn take(&self) -> Post {
        let (first, second) = self.words.get();
        [self.what.load(Relaxed), first, second]
    }
}

pub struct Posts {
    /// Where the next record goes. Where the oldest lies is `Heap::next_post`.
    write: AtomicPtr<Slot>,
    lost: AtomicU32,
}

impl Posts {
    /// A ring of `count` records (at least one), for the VM of `heap`.
    ///
    /// # Safety
    /// There is room for so many at `slots`, which nobody else uses as long as the heap is; `heap` is in place.
    pub unsafe fn new(slots: NonNull<Slot>, count: usize, heap: *const Heap) -> Posts {
        for i in 0..count {
            // SAFETY: the caller's promise.
            unsafe {
                let next = Cell::new(slots.add(if i + 1 < count { i + 1 } else { 0 }));
                slots.add(i).write(Slot { what: AtomicUsize::new(0), words: Cell::new((0, 0)), next });
            }
        }
        // SAFETY: the caller's promise.
        unsafe { Heap::serve_next(heap, slots.as_ptr().cast()) };
        Posts { write: AtomicPtr::new(slots.as_ptr()), lost: AtomicU32::new(0) }
    }
    /// Legal from any task or interrupt. False where there is no room: the loss is counted.
    #[inline(always)]
    pub fn push(&self, port: Port, [what, first, second]: Post) -> bool {
        let _section = Critical::enter(port);
        // SAFETY: a slot of the ring.
        let slot = unsafe { &*self.write.load(Relaxed) };
        if slot.what.load(Relaxed) != 0 {
            self.lost.store(self.lost.load(Relaxed).wrapping_add(1), Relaxed);
            return false;
        }
        self.write.store(slot.next.get().as_ptr(), Relaxed);
        slot.words.set((first, second));
        slot.what.store(what, Relaxed);
        true
    }
    /// The slot that is served next.
    ///
    /// # Safety
    /// It is the queue's own heap, in place.
    unsafe fn oldest<'a>(heap: *const Heap) -> &'a Slot {
        // SAFETY: a slot of the ring, by its first word.
        unsafe { &*Heap::next_post(heap).cast::<Slot>() }
    }
    /// The oldest record.
    ///
    /// # Safety
    /// As `oldest`.
    pub unsafe fn pop(&self, port: Port, heap: *const Heap) -> Option<Post> {
        let _section = Critical::enter(port);
        // SAFETY: the caller's promise.
        let slot = unsafe { Posts::oldest(heap) };
        let post = slot.take();
        let [what, ..] = post;
        if what == 0 {
            return None;
        }
        // SAFETY: as above.
        unsafe { Heap::serve_next(heap, slot.next.get().as_ptr().cast()) };
        slot.what.store(0, Relaxed);
        Some(post)
    }
    /// Takes a record back that waits; false where it is gone already.
    ///
    /// # Safety
    /// As `oldest`.
    pub unsafe fn cancel(&self, port: Port, heap: *const Heap, post: Post) -> bool {
        let _section = Critical::enter(port);
        // SAFETY: the caller's promise.
        let oldest = unsafe { Posts::oldest(heap) };
        let mut slot = oldest;
        while slot.what.load(Relaxed) != 0 {
            if slot.take() == post {
                slot.what.store(kind::NOTHING, Relaxed);
                return true;
            }
            // SAFETY: a slot of the ring.
            slot = unsafe { slot.next.get().as_ref() };
            if core::ptr::eq(slot, oldest) {
                break;
            }
        }
        false
    }
    /// Where the next record goes, as `Heap::next_post` tells a place: what is served before was posted by now.
    pub fn end(&self) -> *const AtomicUsize {
        self.write.load(Relaxed).cast()
    }
    /// Records that were refused.
    pub fn lost(&self) -> u32 {
        self.lost.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::port::testing;
    use std::boxed::Box;
    use std::vec::Vec;

    const ROOM: usize = 5;
    const POSTERS: usize = 3;

    struct Shared {
        heap: Heap,
        posts: Posts,
        port: Port,
    }
    // SAFETY: as in a VM: posters touch the queue and the heap's atomics alone.
    unsafe impl Sync for Shared {}

    /// They and their ports stay for ever; what is to be found here is no leak to Miri.
    static QUEUES: std::sync::Mutex<Vec<&'static Shared>> = std::sync::Mutex::new(Vec::new());

    fn queue() -> &'static Shared {
        let (port, _) = testing::port();
        let room = std::vec![0u64; ROOM * size_of::<Slot>() / 8].leak();
        let memory = std::vec![0u64; 64].leak();
        // SAFETY: leaked just now; the heap is where it stays before the queue is made for it.
        let queue: &'static Shared = unsafe {
            let place = Box::leak(Box::<Shared>::new_uninit()).as_mut_ptr();
            (&raw mut (*place).heap).write(Heap::new(memory.as_mut_ptr().cast(), size_of_val(memory)));
            let slots = NonNull::from(room).cast();
            (&raw mut (*place).posts).write(Posts::new(slots, ROOM, &raw const (*place).heap));
            (&raw mut (*place).port).write(port);
            &*place
        };
        QUEUES.lock().unwrap().push(queue);
        queue
    }

    #[test]
    fn what_is_taken_back_leaves_its_place_in_turn() {
        let q = queue();
        // SAFETY: the queue's heap, for both.
        let pop = || unsafe { q.posts.pop(q.port, &q.heap) };
        // SAFETY: as above.
        let cancel = |post| unsafe { q.posts.cancel(q.port, &q.heap, post) };
        assert_eq!(pop(), None);
        // Round the ring more than once.
        for round in 0..4 {
            for n in 0..ROOM {
                assert!(q.posts.push(q.port, [kind::FOREIGN, round, n]));
            }
            assert!(!q.posts.push(q.port, [kind::FOREIGN, round, ROOM]));
            assert!(cancel([kind::FOREIGN, round, 1]));
            assert!(!cancel([kind::FOREIGN, round, 1]));
            assert_eq!(pop(), Some([kind::FOREIGN, round, 0]));
            assert!(!cancel([kind::FOREIGN, round, 0]));
            assert_eq!(pop(), Some([kind::NOTHING, round, 1]));
            for n in 2..ROOM {
                assert_eq!(pop(), Some([kind::FOREIGN, round, n]));
            }
            assert_eq!(pop(), None);
        }
        assert_eq!(q.posts.lost(), 4);
    }

    #[test]
    fn nothing_is_lost_unreported_and_each_poster_is_served_in_order() {
        const EACH: usize = if cfg!(miri) { 100 } else { 2000 };
        let q = queue();
        let mut served: [Vec<usize>; POSTERS] = Default::default();
        let refused: usize = std::thread::scope(|scope| {
            let posters: Vec<_> = (0..POSTERS)
                .map(|me| {
                    scope.spawn(move || {
                        let post = |n: &usize| q.posts.push(q.port, [kind::FOREIGN + me, *n, !*n]);
                        (0..EACH).filter(post).collect::<Vec<_>>()
                    })
                })
                .collect();
            while !posters.iter().all(|p| p.is_finished()) || q.heap.pending_bits() != 0 {
                // SAFETY: the queue's heap.
                match unsafe { q.posts.pop(q.port, &q.heap) } {
                    Some([what, n, check]) => {
                        assert_eq!(check, !n);
                        served[what - kind::FOREIGN].push(n);
                    }
                    None => std::thread::yield_now(),
                }
            }
            let accepted: Vec<_> = posters.into_iter().map(|p| p.join().unwrap()).collect();
            for (got, want) in served.iter().zip(&accepted) {
                assert_eq!(got, want);
            }
            accepted.iter().map(|n| EACH - n.len()).sum()
        });
        assert_eq!(q.posts.lost() as usize, refused);
    }
}
