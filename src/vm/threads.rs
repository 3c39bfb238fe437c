//! Python threads: a fiber, a task of the RTOS and their stacks in one cell of the heap each.
//!
//! Invariants
//! - `Root::Threads` names the cell of each thread from before its task exists until `reap` has found that the task is
//!   gone; the cell is a leaf, so the collector reads the thread's values through its fiber alone;
//! - a thread's fiber is attached by whoever starts it, so the function and its arguments, the first words of its stack,
//!   are reachable before it runs; it is detached when the thread ends;
//! - what a thread raises ends it alone.
#![allow(unsafe_code)]

use super::api::Vm;
use super::def::Mode;
use super::fiber::{Fiber, action};
use super::frame::Remote;
use super::state::{Output, Root, State, closing};
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::port::{Errno, FOREVER, Region, TaskSlot};
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering};
use cty::c_void;

/// Bytes of a thread's name, with the NUL.
const NAME: usize = 16;

/// Native stack that a thread needs in any case: what its first Python function and natives below it take.
const LEAST_NATIVE: usize = if cfg!(target_pointer_width = "64") { 8 << 10 } else { 2304 };
const LEAST_VALUES: usize = 512;

/// Bytes that the alignment of what lies in a cell may take, beside what the port's parts count themselves.
const GAPS: usize = 3 * 7 + 15;

/// Indices that tell the references of tasks apart.
const MAX_INDEX: u16 = 61;

/// What lies at the start of a thread's cell.
struct Thread {
    st: NonNull<State>,
    fiber: NonNull<Fiber>,
    task: TaskSlot,
    /// Its function is over and its fiber detached.
    over: AtomicBool,
    name: [u8; NAME],
}

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
        let room = size_of::<Thread>()
            + size_of::<Fiber>()
            + size_of::<super::fiber::Task>()
            + crate::port::Wake::room(&port)
            + port.task_room()
            + values
            + if own_stack { native + port.stack_align() } else { 0 }
            + GAPS;
        let cell = self.with_heap(|h| h.alloc_raw(room.div_ceil(4)))?;
        let start = self.heap_mut().bytes_mut(cell, 0);
        // SAFETY: the cell is a leaf, nobody else knows it, and it does not move.
        let mut region = unsafe { Region::new(NonNull::from(&mut *start).cast(), start.len()) };
        let laid = (|| {
            let thread = region.take(size_of::<Thread>(), align_of::<Thread>())?.cast::<Thread>();
            let task = TaskSlot::new(port, &mut region)?;
            let native_at = match own_stack {
                true => region.take(native, port.stack_align())?.as_ptr().cast(),
                false => core::ptr::null_mut(),
            };
            let fiber = Vm::lay_fiber(&mut region, port, values, index)?;
            Some((thread, task, native_at, fiber))
        })();
        let Some((thread, task, native_at, fiber)) = laid else {
            self.heap_mut().free(cell);
            return Err(NoThread::Refused(Errno::ENOMEM));
        };
        let mut name = [0; NAME];
        for (to, from) in name.iter_mut().take(NAME - 1).zip(wish.name) {
            *to = *from;
        }
        let (st, _) = self.raw();
        // SAFETY: carved from the cell just now; the thread's handle is used by its task alone once that runs.
        let mut other = unsafe {
            thread.write(Thread { st, fiber, task, over: AtomicBool::new(false), name });
            Vm::from_raw(st, fiber)
        };
        other.fiber_mut().is_thread = true;
        // Room for three words is there in any stack.
        let _ = other.push(f).and_then(|_| other.push(args)).and_then(|_| other.push(kwargs));
        other.attach();
        self.heap_mut().set_field(table, free, cell);
        // SAFETY: the thread lies in its cell, which stays until the task was reaped.
        let started = unsafe {
            let name = (&raw const (*thread.as_ptr()).name).cast();
            task.start(native_at, native, run, thread.as_ptr().cast(), name, wish.priority)
        };
        if started < 0 {
            other.detach();
            if let Some(wake) = other.fiber_mut().wake.take() {
                wake.end();
            }
            self.heap_mut().set_slot(table, free, None);
            self.heap_mut().free(cell);
            return Err(NoThread::Refused(Errno(started.unsigned_abs() as u16)));
        }
        Ok(identity(fiber))
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
        (self.state().c_tasks..=MAX_INDEX).find(|i| {
            !self.find_fiber(|f| {
                // SAFETY: a fiber's task lies beside it.
                unsafe { f.task.as_ref() }.index == *i
            })
        })
    }
    fn thread_at(&self, i: usize) -> Option<NonNull<Thread>> {
        let cell = self.heap().slot(self.root(Root::Threads)?, i)?;
        let bytes = self.heap().bytes(cell, 0);
        let at = bytes.as_ptr().align_offset(align_of::<Thread>());
        NonNull::new(bytes.as_ptr().wrapping_add(at).cast_mut().cast())
    }
    /// Takes back the memory of threads that have ended; how many are left.
    pub fn reap_threads(&mut self) -> usize {
        let Some(table) = self.root(Root::Threads) else { return 0 };
        let mut left = 0;
        for i in 0..self.heap().words(table) {
            let Some(thread) = self.thread_at(i) else { continue };
            // SAFETY: the cell holds a thread until it is reaped, here. Its task no longer uses the fiber once it is over.
            let (over, task, fiber) = unsafe {
                let t = thread.as_ptr();
                ((*t).over.load(Ordering::Acquire), (*t).task, (*t).fiber)
            };
            if !over || !task.reap() {
                left += 1;
                continue;
            }
            // SAFETY: as above.
            if let Some(wake) = unsafe { (*fiber.as_ptr()).wake.take() } {
                wake.end();
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
            let wake = self.fiber().wake;
            self.blocking(|port| match wake {
                Some(wake) => drop(wake.wait(1_000)),
                None => port.yield_now(),
            });
        }
    }
    /// What a thread does.
    fn run_thread(&mut self) {
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

/// The task of a thread.
extern "C" fn run(thread: *mut c_void) {
    let thread = thread.cast::<Thread>();
    // SAFETY: `start_thread` passes a thread that stays until this task has ended.
    let (st, fiber, task) = unsafe { ((*thread).st, (*thread).fiber, (*thread).task) };
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
    unsafe { (*thread).over.store(true, Ordering::Release) };
    vm.release();
    task.end();
}
