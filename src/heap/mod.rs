//! Rank 2: the heap of one VM: cells, allocation, collection, interned strings.
//!
//! Invariants
//! - everything lies in one region that the firmware handed over; granules of 8 bytes, cells as `kind` says;
//! - `&Heap` reads, `&mut Heap` allocates and never runs Python; a collection cycle starts only at a VM safepoint,
//!   so values in Rust locals are safe until the next call that takes `&mut Vm`;
//! - an allocation that fails sets `raised` to the `MemoryError` and returns `Err(Raised)`.
//!
//! Files: `cells` typed access; `alloc` free lists; `mark`, `sweep`, `finalize` the collector and `pace` its steps;
//! `intern` strings; `scratch` vectors; `placed` the state of a call; `verify` and `check_*` for tests.
#![allow(unsafe_code)]

mod alloc;
#[cfg(test)]
mod alloc_tests;
pub mod cache;
mod cells;
#[cfg_attr(feature = "heap-checks", path = "check_on.rs")]
#[cfg_attr(not(feature = "heap-checks"), path = "check_off.rs")]
mod checks;
#[cfg_attr(not(feature = "basic"), path = "emergency_not.rs")]
pub mod emergency;
mod finalize;
#[cfg(any(feature = "float-single", feature = "float-double"))]
mod floats;
#[cfg_attr(not(feature = "extra"), path = "foreign_not.rs")]
pub mod foreign;
pub mod ids;
mod intern;
pub mod kind;
#[cfg(feature = "extra")]
mod known;
#[cfg_attr(feature = "tiny", path = "lent_not.rs")]
pub mod lent;
mod mark;
#[cfg(test)]
mod mark_tests;
#[cfg(test)]
mod model_tests;
pub mod names;
mod pace;
mod pending;
pub mod place;
#[cfg(feature = "compiler")]
pub mod placed;
mod probe;
pub mod scratch;
pub mod span;
mod sweep;
pub mod value;
mod verify;
#[cfg_attr(not(all(target_arch = "arm", target_feature = "thumb2")), path = "words_plain.rs")]
mod words;

pub use ids::TypeId;
pub use kind::{Kind, PTR_WORDS};
pub use mark::StackSpan;
pub use pace::{Counts, MAX_STEP, Mode, PENDING_CYCLE, STEP};
pub use pending::PENDING_POSTED;
pub use place::Place;
#[cfg(not(feature = "tiny"))]
pub use probe::MISSING;
pub use scratch::{ByteVec, ValueVec, WordVec};
pub use value::{R, Raised, Table, Value};
pub use verify::Fault;

/// The bit of `Heap::pending` that says that `next_finalizer` has something.
pub const PENDING_FINALIZERS: u32 = 2;

/// Where the collector stands.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
#[repr(u8)]
enum Phase {
    Idle,
    Mark,
    Sweep,
}

/// The heap of one VM.
#[repr(C)]
pub struct Heap {
    // What allocation, barrier and the VM's back-edges touch comes first.
    base: *mut u32,
    /// Words in the region.
    limit: u32,
    /// Events that the run loop looks for at its safepoints.
    pending: pending::Pending,
    /// The colour bits of new cells, and of those that survive the running cycle.
    birth: u32,
    marking: bool,
    phase: Phase,
    /// Granules that may be allocated before the slow path is taken.
    credit: i32,
    bump: u32,
    bump_end: u32,
    small: [u32; alloc::SMALL as usize],

    large: [u32; alloc::BINS],
    /// Granules in the region.
    end: u32,
    /// Free granules that `credit` does not cover (negative where the credit is larger than what is free).
    free_base: i32,
    /// The granule where the sweep, or the marking phase's walk for greys, goes on; `end` for none.
    cursor: u32,
    mark: mark::Mark,
    pace: pace::Pace,
    strings: intern::Strings,
    finals: finalize::Finals,
    /// Scratch memory is `Held`: the heap is lent.
    #[cfg(not(feature = "tiny"))]
    holding: bool,
    checks: checks::Checks,
    emergency: emergency::Emergency,
    /// The exception that is on its way while an `Err(Raised)` travels.
    pub raised: Option<Value>,
    /// What `raised` becomes when nothing can be allocated.
    pub oom: Option<Value>,
    /// The exception object that is used while the heap is locked.
    pub spare: Option<Value>,
    cache: cache::Cache,
}

impl Heap {
    /// Lays a heap over `mem`, of which it uses 128 MB at most.
    ///
    /// # Safety
    /// `mem` must be valid for reads and writes of `bytes` bytes, 8-aligned, and used by nobody else while the heap lives.
    pub unsafe fn new(mem: *mut u8, bytes: usize) -> Heap {
        let mut heap = core::mem::MaybeUninit::uninit();
        // SAFETY: the caller's promise; `new_at` writes the whole of it.
        unsafe {
            Heap::new_at(heap.as_mut_ptr(), mem, bytes);
            heap.assume_init()
        }
    }

    /// The same, made where it is to stay: a heap is too large to be moved over a task's stack.
    ///
    /// # Safety
    /// As `new`; `at` must be valid for a write.
    #[inline(never)]
    pub unsafe fn new_at(at: *mut Heap, mem: *mut u8, bytes: usize) {
        let all = (bytes / 8).min(alloc::MAX_GRANULES as usize) as u32;
        let end = all.saturating_sub(Heap::checks_need(all));
        let fresh = Heap {
            base: mem.cast(),
            limit: end * 2,
            pending: pending::Pending::new(),
            birth: 0,
            marking: false,
            phase: Phase::Idle,
            credit: 0,
            bump: 0,
            bump_end: 0,
            small: [0; alloc::SMALL as usize],
            large: [0; alloc::BINS],
            end,
            free_base: 0,
            cursor: end,
            mark: mark::Mark::new(),
            pace: pace::Pace::new(),
            strings: intern::Strings::new(),
            finals: finalize::Finals::new(),
            #[cfg(not(feature = "tiny"))]
            holding: false,
            checks: checks::Checks::none(),
            emergency: emergency::Emergency::new(),
            raised: None,
            oom: None,
            spare: None,
            cache: cache::Cache::new(),
        };
        // SAFETY: the caller's promise.
        let heap = unsafe {
            at.write(fresh);
            &mut *at
        };
        if end > 1 {
            heap.checks_start(end);
            // The guard: what a wrong value reads and spoils.
            heap.set_gw(0, 0, 0);
            heap.set_gw(0, 1, 0);
            heap.put_free(1, end - 1);
            heap.free_base = end as i32 - 1;
            heap.grant_idle();
        }
    }

    // ---- raising ---------------------------------------------------------------------------------------------

    /// Sets the exception that is on its way.
    pub fn raise_value(&mut self, exc: Value) -> Raised {
        self.raised = Some(exc);
        Raised
    }
    #[cold]
    pub fn out_of_memory(&mut self) -> Raised {
        self.raised = self.oom.or(Some(Value::typ(TypeId::MemoryError)));
        Raised
    }
    /// The exception on its way is the one for "no memory": the caller may collect and try again.
    pub fn is_out_of_memory(&self) -> bool {
        self.raised == self.oom.or(Some(Value::typ(TypeId::MemoryError)))
    }
}
