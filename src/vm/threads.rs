//! Python threads: a fiber, a task of the RTOS and their stacks in one cell of the heap each.
//!
//! Invariants
//! - `Root::Threads` names the cell of each thread from before its task exists until `reap` has found that the task is
//!   gone; the cell is a leaf, so the collector reads the thread's values through its fiber alone;
//! - a thread's fiber is attached by whoever starts it, so the function and its arguments, the first words of its stack,
//!   are reachable before it runs; it is detached when the thread ends;
//! - what a thread raises ends it alone.

use super::api::Vm;
use super::def::Mode;
use super::fiber::thread::Stacks;
use super::fiber::{Fiber, action};
use super::state::{Output, Root, closing};
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::port::Errno;
use core::ptr::NonNull;
use core::sync::atomic::Ordering;

/// Native stack that a thread needs in any case: what its first Python function and natives below it take.
const LEAST_NATIVE: usize = if cfg!(target_pointer_width = "64") { 8 << 10 } else { 2304 };
const LEAST_VALUES: usize = 512;

/// Indices that tell the references of tasks apart.
const MAX_INDEX: u16 = 61;

/// What `start_thread` is asked for; `None` is the usual.
pub struct Wish<'a> {
    pub priority: Option<i32>,
    /// Bytes of both stacks.
    pub stack: Option<usize>,
    pub name: &'a [u8],
}

/// Why a thread did not start.
pub enum NoThread {
    /// As many run as may.
    Full,
    /// The RTOS refused.
    Refused(Errno),
    Raised,
}

impl From<Raised> for NoThread {
    fn from(_: Raised) -> NoThread {
        NoThread::Raised
    }
}

impl Vm {
    /// Starts `f(*args, **kwargs)`, which are reachable; gives the thread's identity.
    pub fn start_thread(
        &mut self,
        f: Value,
        args: Value,
        kwargs: Value,
        wish: Wish,
    ) -> Result<usize, NoThread> {
        let port = self.port();
        if !port.has_tasks() {
            return Err(NoThread::Refused(Errno::ENOSYS));
        }
        self.reap_threads();
        let table = self.threads()?;
        let slots = self.heap().words(table).min(self.state().max_threads.into());
        let free = (0..slots).find(|i| self.heap().slot(table, *i).is_none()).ok_or(NoThread::Full)?;
        let index = self.free_index().ok_or(NoThread::Full)?;

        let own_stack = port.stack_align() != 0;
        let both = wish.stack.unwrap_or(self.state().thread_stack);
        let native = both / 2;
        let native = native.max(LEAST_NATIVE).next_multiple_of(port.stack_align().max(16));
        // Where the system has native stacks, all is for values.
        let values = if own_stack { both.saturating_sub(native) } else { both };
        let values = values.max(LEAST_VALUES) & !15;
        let stacks = Stacks { native, values, own_native: own_stack };
        let (cell, thread) = self.lay_thread(index, stacks, wish.name)?;
        self.heap_mut().set_field(table, free, cell);
        if let Err(refused) = self.start_task(thread, [f, args, kwargs], native, wish.priority) {
            self.heap_mut().set_slot(table, free, None);
            self.heap_mut().free(cell);
            return Err(NoThread::Refused(refused));
        }
        Ok(identity(thread.fiber()))
    }
    /// The calling task's identity.
    pub fn thread_identity(&self) -> usize {
        identity(NonNull::from(self.fiber()))
    }
    fn threads(&mut self) -> R {
        if let Some(t) = self.root(Root::Threads) {
            return Ok(t);
        }
        let n = usize::from(self.state().max_threads);
        let t = self.with_heap(|h| h.alloc(Kind::Array, n))?;
        self.set_root(Root::Threads, Some(t));
        Ok(t)
    }
    /// An index that no attached task and no task of the C interface has.
    fn free_index(&self) -> Option<u16> {
        (self.state().c_tasks..=MAX_INDEX).find(|i| !self.find_fiber(|f| f.index() == *i))
    }
    /// Takes back the memory of threads that have ended; how many are left.
    pub fn reap_threads(&mut self) -> usize {
        let Some(table) = self.root(Root::Threads) else { return 0 };
        let mut left = 0;
        for i in 0..self.heap().words(table) {
            let Some(thread) = self.thread_at(i) else { continue };
            if !thread.reap() {
                left += 1;
                continue;
            }
            if let Some(cell) = self.heap().slot(table, i) {
                self.heap_mut().set_slot(table, i, None);
                self.heap_mut().free(cell);
            }
        }
        left
    }
    /// Ends all threads, at their next safepoints, and waits for that at most `timeout_us`; how many are left.
    pub fn end_threads(&mut self, timeout_us: u64) -> usize {
        let port = self.port();
        let end = port.clock_us().saturating_add(timeout_us);
        self.remote().end(closing::THREADS);
        loop {
            let left = self.reap_threads();
            if left == 0 || port.clock_us() >= end {
                return left;
            }
            self.wake_all();
            self.stand_aside();
        }
    }
    /// Takes back what `end_threads` told those to come; none is left.
    pub fn spare_threads(&mut self) {
        let closing = &self.state().closing;
        if closing.load(Ordering::Acquire) == closing::THREADS {
            closing.store(closing::NOBODY, Ordering::Release);
        }
    }
    /// What a thread does.
    pub(super) fn run_thread(&mut self) {
        let done = self.call_first();
        if done.is_err() && !self.raised_is(TypeId::SystemExit) {
            let e = self.take_raised();
            if let Ok(at) = self.push(e) {
                let output = self.output();
                if let Some(stderr) = self.root(Root::Stderr)
                    && let Ok(at) = self.push(stderr)
                {
                    self.set_output(Output::Stream(at));
                }
                // What goes wrong on the way has no reader.
                let _ = self.show_lost(e);
                self.set_output(output);
                self.drop_to(at);
            }
        }
        self.heap_mut().raised = None;
    }
    fn show_lost(&mut self, e: Value) -> R<()> {
        self.emit(b"Unhandled exception in thread started by ")?;
        let f = self.get(super::Slot(0));
        self.print(f, Mode::Repr)?;
        self.emit(b"\n")?;
        let show = self.registry().hooks.print_exception;
        show(self, e)
    }
    /// Calls what lies at the bottom of the stack: function, arguments, and keyword arguments or None.
    fn call_first(&mut self) -> R {
        let [f, args, kwargs] = [0, 1, 2].map(|i| self.get(super::Slot(i)));
        self.nested(|vm| {
            vm.push(f)?;
            let n = vm.push_all(args)?;
            let kw = if kwargs.is_none() { 0 } else { vm.push_mapping(kwargs)? };
            vm.call_on_stack(n, kw, action::PUSH)
        })
    }
}

fn identity(fiber: NonNull<Fiber>) -> usize {
    fiber.as_ptr().addr()
}
