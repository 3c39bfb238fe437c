//! Mutexes, wake objects and critical sections of the RTOS, in storage carved from the VM's region.
//!
//! Invariant: a `Mutex` or `Wake` exists only after the port's `*_init` accepted its storage. `end` takes the value, so it
//! is not used afterwards; copies of a `Wake` are for those who set it, and their owner ends it last.

use super::{Port, Region, call, call_present};
use core::ptr::NonNull;
use cty::c_void;

/// The storage's owner: one lock of the RTOS, not recursive.
pub struct Mutex {
    port: Port,
    place: NonNull<c_void>,
}

// SAFETY: the port's mutex functions are callable from every task, and the storage is never moved.
unsafe impl Send for Mutex {}
// SAFETY: as above.
unsafe impl Sync for Mutex {}

impl Mutex {
    /// Makes an unlocked mutex; `None` when the region is too small or the RTOS refuses.
    pub fn new(port: Port, region: &mut Region) -> Option<Mutex> {
        let place =
            region.take(port.table.mutex_size.into(), port.table.mutex_align.into())?.cast::<c_void>();
        (call!(port.table, mutex_init(place.as_ptr()) else -1) >= 0).then_some(Mutex { port, place })
    }

    /// Waits at most `timeout_us`; true when the caller has it now.
    pub fn lock(&self, timeout_us: u64) -> bool {
        call!(self.port.table, mutex_lock(self.place.as_ptr(), timeout_us) else 0) > 0
    }

    /// Gives it back; the caller has locked it.
    pub fn unlock(&self) {
        call!(self.port.table, mutex_unlock(self.place.as_ptr()) else ());
    }

    /// Ends it, unlocked and with nobody waiting.
    pub fn end(self) {
        call!(self.port.table, mutex_end(self.place.as_ptr()) else ());
    }
}

/// A bit that one task waits for and anybody may set, interrupts included.
#[derive(Clone, Copy)]
pub struct Wake {
    port: Port,
    place: NonNull<c_void>,
}

// SAFETY: the port's wake functions are callable from every task (and `wake` from interrupts); the storage stays put.
unsafe impl Send for Wake {}
// SAFETY: as above.
unsafe impl Sync for Wake {}

impl Wake {
    /// Makes a wake object for the calling task; `None` when the region is too small or the RTOS refuses.
    pub fn new(port: Port, region: &mut Region) -> Option<Wake> {
        let place = region.take(port.table.wake_size.into(), port.table.wake_align.into())?.cast::<c_void>();
        (call!(port.table, wake_init(place.as_ptr()) else -1) >= 0).then_some(Wake { port, place })
    }

    /// Bytes that `new` takes from a region at most.
    pub fn room(port: &Port) -> usize {
        usize::from(port.table.wake_size).saturating_add(port.table.wake_align.into())
    }

    /// Sets the bit.
    #[inline]
    pub fn set(&self) {
        call_present!(self.port.table, wake(self.place.as_ptr()));
    }

    /// Waits for the bit at most `timeout_us` and clears it; true when it was set.
    pub fn wait(&self, timeout_us: u64) -> bool {
        call!(self.port.table, wait(self.place.as_ptr(), timeout_us) else 0) > 0
    }

    /// Ends it: nobody waits on it, nobody will set it again.
    pub fn end(self) {
        call!(self.port.table, wake_end(self.place.as_ptr()) else ());
    }

    pub(in crate::port) fn place(&self) -> *mut c_void {
        self.place.as_ptr()
    }
}

/// A task that the VM starts, in storage that the caller keeps.
#[cfg(feature = "thread")]
#[derive(Clone, Copy)]
pub struct TaskSlot {
    port: Port,
    place: NonNull<c_void>,
}

#[cfg(feature = "thread")]
impl TaskSlot {
    /// Takes the storage; nothing runs yet.
    pub fn new(port: Port, region: &mut Region) -> Option<TaskSlot> {
        let place = region.take(port.table.task_size.into(), port.table.task_align.into())?.cast();
        Some(TaskSlot { port, place })
    }

    /// Starts `entry(arg)`; `None` is the caller's priority. 0, or a negative number where nothing was started.
    ///
    /// # Safety
    /// `stack` (NULL where the port's tasks have stacks of their own) and `name` (with a NUL) stay in place until `reap`
    /// says true; `entry` is good for `arg` and calls `end` last.
    pub unsafe fn start(
        self,
        stack: *mut c_void,
        stack_len: usize,
        entry: unsafe extern "C" fn(*mut c_void),
        arg: *mut c_void,
        name: *const cty::c_char,
        priority: Option<i32>,
    ) -> i32 {
        let priority = priority.unwrap_or(i32::MIN);
        let place = self.place.as_ptr();
        call!(self.port.table, task_create(place, stack, stack_len, Some(entry), arg, name, priority) else -38)
    }

    /// Ends the calling task, which `start` started.
    pub fn end(self) {
        call!(self.port.table, task_end(self.place.as_ptr()) else ());
    }

    /// True when the task has ended and its storage is the caller's again; not asked again after that.
    pub fn reap(self) -> bool {
        call!(self.port.table, task_reap(self.place.as_ptr()) else 0) > 0
    }
}

/// A critical section, left when the value goes.
pub struct Critical {
    port: Port,
    state: usize,
}

impl Critical {
    /// Until the returned value is dropped no interrupt and no other task runs: a few instructions only.
    pub fn enter(port: Port) -> Critical {
        Critical { port, state: call_present!(port.table, critical_enter()) }
    }
}

impl Drop for Critical {
    fn drop(&mut self) {
        call_present!(self.port.table, critical_exit(self.state));
    }
}
