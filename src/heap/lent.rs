//! A heap lent for long work, which gives the VM to others now and then.
//!
//! Invariants
//! - the work holds the heap by a `Lent` alone, and no reference into it over a call of `worked`: others run Python there, and
//!   collections start;
//! - scratch vectors (and what is `placed`) that come to be meanwhile are of kind `Held`, which no sweep frees: the work gives
//!   each back by hand;
//! - objects that the work makes or looks up are dead after the next `worked`, unless it has kept them (`keep`);
//! - what goes wrong while others run is on its way from then on (`has_failed`): the work ends soon, and nobody else runs any more.

use super::mark::COLOUR;
use super::{Heap, Kind, R, Value, cells::KIND};
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

/// Instructions of work, roughly, between two looks at who waits.
const PART: u32 = 3_000;
/// Words of a cell of what is kept: the one before it, then objects.
const CHUNK: usize = 15;
/// Whether there is any giving way in this build.
pub const GIVES_WAY: bool = true;

/// Who owns a heap and can let others in.
pub trait Host {
    fn home(&mut self) -> &mut Heap;
    /// A safepoint after about `n` instructions; `deep`: the native stack has no room for a callback.
    fn give_way(&mut self, n: u32, deep: bool) -> R<()>;
}

/// A heap of its own.
impl Host for Heap {
    fn home(&mut self) -> &mut Heap {
        self
    }
    fn give_way(&mut self, _: u32, _: bool) -> R<()> {
        Ok(())
    }
}

pub struct Lent {
    heap: NonNull<Heap>,
    host: NonNull<()>,
    /// `Host::give_way` of the host's type, and where the heap is after it.
    ///
    /// # Safety
    /// It is called with `host`.
    turn: unsafe fn(NonNull<()>, u32, bool) -> (NonNull<Heap>, bool),
    worked: u32,
    /// The last look around was a deep one.
    owed: bool,
    failed: bool,
    /// The root of what is kept: an array of one word, which the host reaches.
    kept: Option<Value>,
    /// Words in use of the newest cell of what is kept.
    used: usize,
}

/// # Safety
/// `host` came from a `&mut H` that nobody else uses meanwhile.
unsafe fn turn<H: Host>(host: NonNull<()>, n: u32, deep: bool) -> (NonNull<Heap>, bool) {
    // SAFETY: the caller's promise.
    let host = unsafe { host.cast::<H>().as_mut() };
    let done = host.give_way(n, deep);
    (NonNull::from(host.home()), done.is_ok())
}

/// Lends the heap of `host` to `work`. `kept`: an array of one word that is reachable; without it nothing can be kept.
pub fn lend<H: Host, T>(host: &mut H, kept: Option<Value>, work: impl FnOnce(&mut Lent) -> T) -> T {
    let host = NonNull::from(host);
    // SAFETY: `host` is borrowed for as long as this runs, and used through this pointer alone.
    let heap = NonNull::from(unsafe { (*host.as_ptr()).home() });
    let mut lent = Lent {
        heap,
        host: host.cast(),
        turn: turn::<H>,
        worked: 0,
        owed: false,
        failed: false,
        kept,
        used: CHUNK,
    };
    lent.holding = true;
    let done = work(&mut lent);
    lent.holding = false;
    done
}

impl Deref for Lent {
    type Target = Heap;
    #[inline(always)]
    fn deref(&self) -> &Heap {
        // SAFETY: the host is not used until the next `turn`, which says where the heap is then.
        unsafe { self.heap.as_ref() }
    }
}

impl DerefMut for Lent {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Heap {
        // SAFETY: as above.
        unsafe { self.heap.as_mut() }
    }
}

impl AsMut<Heap> for Heap {
    fn as_mut(&mut self) -> &mut Heap {
        self
    }
}

impl AsMut<Heap> for Lent {
    fn as_mut(&mut self) -> &mut Heap {
        self
    }
}

impl Lent {
    /// About `n` instructions of work were done, somewhere deep in it: other tasks may come in.
    #[inline(always)]
    pub fn worked(&mut self, n: u32) {
        self.worked = self.worked.wrapping_add(n);
        if self.worked >= PART {
            self.look_around(true);
        }
    }
    /// The same where little of the native stack is in use: callbacks run too.
    #[inline(always)]
    pub fn worked_here(&mut self, n: u32) {
        self.worked = self.worked.wrapping_add(n);
        if self.worked >= PART || self.owed {
            self.look_around(false);
        }
    }
    #[cold]
    #[inline(never)]
    fn look_around(&mut self, deep: bool) {
        let n = core::mem::take(&mut self.worked);
        self.owed = deep;
        if self.failed || self.pending() == 0 || self.raised.is_some() {
            return;
        }
        self.holding = false;
        // SAFETY: the host's own.
        let (heap, done) = unsafe { (self.turn)(self.host, n, deep) };
        self.heap = heap;
        self.holding = true;
        self.failed = !done;
    }
    /// An exception from outside is on its way.
    pub fn has_failed(&self) -> bool {
        self.failed
    }
    /// Keeps an object until the work is done.
    pub fn keep(&mut self, v: Value) -> R<()> {
        let Some(root) = self.kept.filter(|_| v.is_heap()) else { return Ok(()) };
        if self.used >= CHUNK {
            let new = self.alloc(Kind::Array, CHUNK)?;
            let old = self.slot(root, 0);
            self.set_slot(new, 0, old);
            self.set_slot(root, 0, Some(new));
            self.used = 1;
        }
        // What was reached by scratch memory alone is not part of the running mark's snapshot.
        self.barrier(v.bits());
        if let Some(newest) = self.slot(root, 0) {
            let at = self.used;
            self.set_slot(newest, at, Some(v));
        }
        self.used += 1;
        Ok(())
    }
}

impl Heap {
    /// What scratch memory is now.
    #[inline]
    pub(super) fn scratch_kind(&self, kind: Kind) -> Kind {
        if self.holding && kind == Kind::Raw { Kind::Held } else { kind }
    }
    /// A scratch cell becomes an object's: somebody reaches it from now on.
    pub(super) fn let_go(&mut self, v: Value) {
        let h = self.header(v);
        if h & KIND == Kind::Held as u32 {
            self.set_gw(v.bits() >> 2, 0, h & !(KIND | COLOUR) | Kind::Raw as u32 | self.birth);
        }
    }
    /// A scratch cell that nothing but its owner frees.
    pub fn is_held(&self, v: Value) -> bool {
        self.is(v, Kind::Held)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::super::{ByteVec, TypeId};
    use super::*;
    use std::vec;

    struct Collecting(Heap, Option<Value>, u32);

    impl Host for Collecting {
        fn home(&mut self) -> &mut Heap {
            &mut self.0
        }
        fn give_way(&mut self, _: u32, _: bool) -> R<()> {
            self.2 += 1;
            self.0.start_cycle(&[self.1]);
            while !self.0.collect_step() {}
            for _ in 0..20 {
                self.0.alloc(Kind::Tuple, 5)?;
            }
            if self.2 < 50 { Ok(()) } else { Err(self.0.raise_value(Value::typ(TypeId::TimeoutError))) }
        }
    }

    #[test]
    fn what_is_held_and_kept_outlives_collections() {
        let mut mem = vec![0u64; 4000];
        // SAFETY: `mem` outlives the heap and is used by nothing else.
        let mut heap = unsafe { Heap::new(mem.as_mut_ptr().cast(), mem.len() * 8) };
        let kept = heap.alloc(Kind::Array, 1).unwrap();
        let mut host = Collecting(heap, Some(kept), 0);
        let before = host.0.used_bytes();
        let (sum, code) = lend(&mut host, Some(kept), |heap| {
            let mut bytes = ByteVec::new();
            let mut objects = vec![];
            for i in 0..200u32 {
                bytes.push(heap, i as u8).unwrap();
                let v = heap.alloc(Kind::Int64, 2).unwrap();
                heap.set_word(v, 0, i);
                heap.keep(v).unwrap();
                objects.push(v);
                heap.set_pending(1);
                heap.worked(PART / 5);
                heap.verify().expect("the heap is whole");
            }
            assert!(!heap.has_failed() && heap.raised.is_none());
            let sum: u32 = objects.iter().map(|v| heap.word(*v, 0)).sum();
            assert!((0..200).all(|i| bytes.get(heap, i) == Some(i as u8)));
            let cell = bytes.take_cell(heap).unwrap();
            heap.keep(cell).unwrap();
            for _ in 0..100 {
                heap.set_pending(1);
                heap.worked(PART / 5);
            }
            assert!(heap.has_failed() && heap.raised.is_some());
            (sum, heap.bytes(cell, 0)[199])
        });
        assert_eq!((sum, code, host.2), (199 * 100, 199, 50));
        host.0.raised = None;
        host.0.set_slot(kept, 0, None);
        host.0.start_cycle(&[Some(kept)]);
        while !host.0.collect_step() {}
        host.0.start_cycle(&[Some(kept)]);
        while !host.0.collect_step() {}
        assert_eq!(host.0.used_bytes(), before);
    }
}
