//! What lies in the cell of a Python thread: its record, its task and native stack, and its fiber.
//!
//! Invariants
//! - the cell does not move, and stays until `reap` has found that the task is gone: whoever finds a `Thread` finds it there;
//! - once the task runs, it alone uses the thread's handle; `over` is the last word that it writes.
#![allow(unsafe_code)]

use super::{Fiber, Task};
use crate::heap::{R, Value};
use crate::port::{Errno, FOREVER, Region, TaskSlot, Wake};
use crate::vm::api::Vm;
use crate::vm::frame::Remote;
use crate::vm::state::{Root, State};
use crate::vm::threads::NoThread;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering};
use cty::c_void;

/// Bytes of a thread's name, with the NUL.
const NAME: usize = 16;

/// Bytes that the alignment of what lies in a cell may take, beside what the port's parts count themselves.
const GAPS: usize = 3 * 7 + 15;

struct Record {
    st: NonNull<State>,
    fiber: NonNull<Fiber>,
    task: TaskSlot,
    /// The native stack; null where the system has it.
    native: *mut c_void,
    /// Its function is over and its fiber detached.
    over: AtomicBool,
    name: [u8; NAME],
}

/// A thread whose cell is there.
#[derive(Clone, Copy)]
pub(in crate::vm) struct Thread(NonNull<Record>);

/// Bytes of a thread's two stacks; `own_native` says whether the native one is ours to give.
#[derive(Clone, Copy)]
pub(in crate::vm) struct Stacks {
    pub native: usize,
    pub values: usize,
    pub own_native: bool,
}

impl Fiber {
    /// What tells the references of its task apart from those of others.
    pub(in crate::vm) fn index(&self) -> u16 {
        // SAFETY: a fiber's task lies beside it.
        unsafe { self.task.as_ref() }.index
    }
}

impl Thread {
    pub fn fiber(self) -> NonNull<Fiber> {
        // SAFETY: the cell holds a record.
        unsafe { (*self.0.as_ptr()).fiber }
    }
    /// Whether its task is gone for good; then nothing of the system refers to the cell any more.
    pub fn reap(self) -> bool {
        // SAFETY: the cell holds a record. Its task no longer uses the fiber once it is over.
        let (over, task) =
            unsafe { ((*self.0.as_ptr()).over.load(Ordering::Acquire), (*self.0.as_ptr()).task) };
        // SAFETY: as above.
        let gone = over && unsafe { self.fiber().as_ref() }.is_left_alone() && task.reap();
        if gone {
            self.end_wake();
        }
        gone
    }
    fn end_wake(self) {
        // SAFETY: no task uses the fiber: it did not start, or is over.
        if let Some(wake) = unsafe { (*self.fiber().as_ptr()).wake.take() } {
            wake.end();
        }
    }
}

impl Vm {
    /// A cell with a thread in it that does not run yet.
    pub(in crate::vm) fn lay_thread(
        &mut self,
        index: u16,
        stacks: Stacks,
        name: &[u8],
    ) -> Result<(Value, Thread), NoThread> {
        let port = self.port();
        let native = if stacks.own_native { stacks.native + port.stack_align() } else { 0 };
        let parts = size_of::<Record>() + size_of::<Fiber>() + size_of::<Task>();
        let room = parts + Wake::room(&port) + port.task_room() + stacks.values + native + GAPS;
        let cell = self.with_heap(|h| h.alloc_raw(room.div_ceil(4)))?;
        let start = self.heap_mut().bytes_mut(cell, 0);
        // SAFETY: the cell is a leaf, nobody else knows it, and it does not move.
        let mut region = unsafe { Region::new(NonNull::from(&mut *start).cast(), start.len()) };
        let laid = (|| {
            let record = region.take(size_of::<Record>(), align_of::<Record>())?.cast::<Record>();
            let task = TaskSlot::new(port, &mut region)?;
            let native = match stacks.own_native {
                true => region.take(stacks.native, port.stack_align())?.as_ptr().cast(),
                false => core::ptr::null_mut(),
            };
            Some((record, task, native, Vm::lay_fiber(&mut region, port, stacks.values, index)?))
        })();
        let Some((record, task, native, fiber)) = laid else {
            self.heap_mut().free(cell);
            return Err(NoThread::Refused(Errno::ENOMEM));
        };
        let mut full = [0; NAME];
        for (to, from) in full.iter_mut().take(NAME - 1).zip(name) {
            *to = *from;
        }
        let (st, _) = self.raw();
        // SAFETY: carved from the cell just now.
        unsafe { record.write(Record { st, fiber, task, native, over: AtomicBool::new(false), name: full }) };
        Ok((cell, Thread(record)))
    }
    /// The thread in the cell at `i` of the table.
    pub(in crate::vm) fn thread_at(&self, i: usize) -> Option<Thread> {
        let cell = self.heap().slot(self.root(Root::Threads)?, i)?;
        let bytes = self.heap().bytes(cell, 0);
        let at = bytes.as_ptr().align_offset(align_of::<Record>());
        NonNull::new(bytes.as_ptr().wrapping_add(at).cast_mut().cast()).map(Thread)
    }
    /// Starts the task of a thread that was laid just now and stands in the table; `words` become the first of its stack.
    pub(in crate::vm) fn start_task(
        &mut self,
        thread: Thread,
        words: [Value; 3],
        native_bytes: usize,
        priority: Option<i32>,
    ) -> Result<(), Errno> {
        let record = thread.0.as_ptr();
        // SAFETY: this task holds the lock, and the thread's own does not exist yet.
        let (mut other, task, native) =
            unsafe { (Vm::from_raw((*record).st, (*record).fiber), (*record).task, (*record).native) };
        other.fiber_mut().is_thread = true;
        // Room for three words is there in any stack.
        let _ = words.into_iter().try_for_each(|w| -> R<()> { other.push(w).map(drop) });
        other.attach();
        // SAFETY: the record lies in its cell, which stays until the task was reaped.
        let started = unsafe {
            let name = (&raw const (*record).name).cast();
            task.start(native, native_bytes, run, record.cast(), name, priority)
        };
        if started >= 0 {
            return Ok(());
        }
        other.detach();
        thread.end_wake();
        Err(Errno(started.unsigned_abs() as u16))
    }
}

/// The task of a thread.
extern "C" fn run(record: *mut c_void) {
    let record = record.cast::<Record>();
    // SAFETY: `start_task` passes a record that stays until this task has ended.
    let (st, fiber, task) = unsafe { ((*record).st, (*record).fiber, (*record).task) };
    // SAFETY: the VM is not closed while it has threads, and the lock is taken before the handle is used.
    let (remote, mut vm) = unsafe { (Remote::new(st), Vm::from_raw(st, fiber)) };
    while !remote.lock(FOREVER) {}
    if let Some(id) = vm.port().task_self() {
        vm.task().id.store(id.get(), Ordering::Relaxed);
    }
    vm.arrive();
    vm.run_thread();
    vm.task().exception.set(None);
    vm.detach();
    // SAFETY: as above. Whoever finds it waits for `task.end` too.
    unsafe { (*record).over.store(true, Ordering::Release) };
    vm.release();
    task.end();
}
