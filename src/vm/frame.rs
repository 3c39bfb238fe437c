//! The handle's raw side: pointers to state and fiber, argument windows, the lock, and the stacks that a collection reads.
//!
//! Invariants
//! - `from_raw`'s promise carries everything here: state and fiber live, and this task holds the VM lock;
//! - stack words below `sp` are empty or values, so a collection may read them all.
#![allow(unsafe_code)]

#[cfg(feature = "machine-tables")]
mod drivers;
#[cfg(all(feature = "machine-tables", feature = "natives"))]
pub mod lend;
#[cfg_attr(all(feature = "tiny", not(feature = "natives")), path = "frame/outside_not.rs")]
mod outside;
pub mod posts;

use super::def::Registry;
use super::events::{Interrupt, PENDING_EVENTS, PENDING_LIMIT, PENDING_YIELD};
use super::fiber::{Away, Fiber, Task};
use super::state::{Deadline, Output, Root, State, closing};
use crate::heap::{Heap, R, Value};
#[cfg(feature = "natives")]
use crate::port::queue::{Queue, Side};
use crate::port::{FOREVER, Port, Region, Wake};
use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering, fence};
use posts::{Post, Posts};

/// The way to a VM from other tasks and from interrupts, which do not hold its lock.
#[derive(Clone, Copy)]
pub struct Remote {
    st: NonNull<State>,
}

// SAFETY: it touches nothing but what stays as it was made, atomics, and wake objects, which the port lets everybody set.
unsafe impl Send for Remote {}
// SAFETY: as above.
unsafe impl Sync for Remote {}

impl Remote {
    /// # Safety
    /// The state is in place as long as this is used.
    pub unsafe fn new(st: NonNull<State>) -> Remote {
        Remote { st }
    }
    fn port(self) -> Port {
        // SAFETY: `new`; the field never changes.
        unsafe { (*self.st.as_ptr()).port }
    }
    fn interrupt_word(&self) -> &Interrupt {
        // SAFETY: `new`; atomics.
        unsafe { &(*self.st.as_ptr()).interrupt }
    }
    fn owner(&self) -> &AtomicUsize {
        // SAFETY: `new`; an atomic.
        unsafe { &(*self.st.as_ptr()).owner }
    }
    pub fn posts(&self) -> &Posts {
        // SAFETY: `new`; the queue is made for this.
        unsafe { &(*self.st.as_ptr()).posts }
    }
    fn ask(self, bits: u32) {
        // SAFETY: `new`.
        unsafe { Heap::ask(&raw const (*self.st.as_ptr()).heap, bits) }
    }
    /// Sees to it that somebody looks at the events: the task that has the VM at its next safepoint or when it gives the
    /// VM away, or a task that sleeps.
    pub fn alert(self) {
        self.ask(PENDING_EVENTS);
        if !self.is_used() {
            self.rouse();
        }
    }
    /// A task has the VM, and it or the next one will see what the caller has set: whoever takes the VM or gives it away
    /// says so in `owner` first, and then looks, and between the two lies a fence. One lies before this, too.
    #[inline(always)]
    fn is_used(self) -> bool {
        self.owner().load(Ordering::Relaxed) != 0
    }
    /// Wakes the task that watches over the events.
    #[inline(always)]
    fn rouse(self) {
        // SAFETY: `new`; the field never changes while the VM is open.
        let alarm = unsafe { (*self.st.as_ptr()).alarm };
        alarm.set();
    }
    /// The running program gets `KeyboardInterrupt` at its next safepoint; false where it switched that off.
    pub fn interrupt(&self) -> bool {
        if !self.interrupt_word().is_enabled() {
            return false;
        }
        self.interrupt_word().raise();
        self.alert();
        true
    }
    /// Says who serves the C interface's records, before the first of them: always the same, but a firmware that posts
    /// nothing is linked without it.
    pub fn deliver_by(self, deliver: Deliver) {
        // SAFETY: `new`; an atomic. The queue's critical section comes after it.
        unsafe { &(*self.st.as_ptr()).deliver }.store(deliver as usize, Ordering::Relaxed);
    }
    /// Has a record served at a safepoint; false where the queue is full.
    pub fn post(self, post: Post) -> bool {
        self.post_here(post)
    }
    /// The same where it is worth a copy of its own: interrupts come this way.
    #[inline(always)]
    pub fn post_here(self, post: Post) -> bool {
        if !self.posts().push(self.port(), post) {
            return false;
        }
        fence(Ordering::SeqCst);
        if self.is_used() {
            // SAFETY: `new`.
            unsafe { Heap::tell_posted(&raw const (*self.st.as_ptr()).heap) };
        } else {
            self.rouse();
        }
        true
    }
    /// Takes a record back that waits; false where it is gone already.
    pub fn take_back(self, post: Post) -> bool {
        // SAFETY: `new`; the queue looks at atomics of the heap, which is its own.
        unsafe { self.posts().cancel(self.port(), &raw const (*self.st.as_ptr()).heap, post) }
    }
    /// Programs end at their next safepoints (`closing`'s values).
    pub fn end(self, who: u8) {
        // SAFETY: `new`; an atomic.
        let closing = unsafe { &(*self.st.as_ptr()).closing };
        closing.store(who.max(closing.load(Ordering::Acquire)), Ordering::Release);
        self.alert();
    }
    /// Waits for the VM at most `timeout_us`, and asks the task that has it to let this one in: true when it did.
    pub fn lock(self, timeout_us: u64) -> bool {
        // SAFETY: `new`; the field never changes while the VM is open.
        let Some(lock) = (unsafe { &(*self.st.as_ptr()).lock }) else { return true };
        if lock.lock(0) {
            return true;
        }
        if timeout_us == 0 {
            return false;
        }
        let (port, mut left) = (self.port(), timeout_us);
        let slice = u64::from(port.slice_us());
        let mut begun = port.clock_us();
        let mut round = slice;
        loop {
            if round == 0 {
                round = ASK_AGAIN_US;
                self.ask(PENDING_YIELD);
            }
            if lock.lock(round.min(left)) {
                return true;
            }
            if timeout_us != FOREVER {
                let now = port.clock_us();
                left = left.saturating_sub(now.saturating_sub(begun));
                begun = now;
                if left == 0 {
                    return false;
                }
            }
            // What was asked for may have gone to another that waited.
            self.ask(PENDING_YIELD);
        }
    }
    /// Gives the lock back, which the caller holds.
    pub fn unlock(self) {
        // SAFETY: as `lock`.
        if let Some(lock) = unsafe { &(*self.st.as_ptr()).lock } {
            lock.unlock();
        }
    }
}

/// Carries out a post of the C interface.
pub type Deliver = fn(&mut Vm, Post) -> R<()>;

/// Records of the largest queue of events.
const MAX_EVENTS: usize = 0x7fff;

/// Who waits for the VM asks for it again after this time.
const ASK_AGAIN_US: u64 = 5_000;

/// What a VM is laid out for.
#[derive(Clone, Copy)]
pub struct Sizes {
    /// Bytes of the first fiber's value stack.
    pub fiber: usize,
    /// Records of the queue of events.
    pub events: usize,
    #[cfg(feature = "thread")]
    pub thread_stack: usize,
    #[cfg(feature = "thread")]
    pub max_threads: u16,
}

/// One task's handle on a VM: its state and the task's fiber.
pub struct Vm {
    st: NonNull<State>,
    fiber: NonNull<Fiber>,
}

impl Vm {
    /// Lays a new VM, with a fiber of `fiber_bytes` for the calling task, over all of `region`; `None` where it is too
    /// small or the port refuses. It has no lock, as where only one task ever uses it.
    #[inline(never)]
    pub fn open(mut region: Region, port: Port, registry: &'static Registry, sizes: Sizes) -> Option<Vm> {
        let st = region.take(size_of::<State>(), align_of::<State>())?.cast::<State>();
        let events = sizes.events.clamp(1, MAX_EVENTS);
        // What the port makes comes last, so that little has to be given back to it.
        let alarm = Wake::new(port, &mut region)?;
        let Some(fiber) = Vm::lay_fiber(&mut region, port, sizes.fiber, 0) else {
            alarm.end();
            return None;
        };
        // The fiber's stack ends at a multiple of 16.
        let start = region.start();
        let bytes = region.len() & !7;
        let place = st.as_ptr();
        // SAFETY: the region is exclusively ours; what is left of it becomes the heap. Every field is written, in place: the
        // state is too large to be moved over a task's stack.
        unsafe {
            Heap::new_at(&raw mut (*place).heap, start.as_ptr(), bytes);
            (&raw mut (*place).registry).write(registry);
            (&raw mut (*place).port).write(port);
            let ring = (*place).heap.alloc_block(events * size_of::<posts::Slot>());
            let Ok((ring, slots)) = ring else {
                alarm.end();
                if let Some(wake) = (*fiber.as_ptr()).wake {
                    wake.end();
                }
                return None;
            };
            let mut roots = [None; Root::Count as usize];
            roots[Root::Posts as usize] = Some(ring);
            (&raw mut (*place).roots).write(roots);
            (&raw mut (*place).output).write(Output::Console);
            (&raw mut (*place).lock).write(None);
            (&raw mut (*place).owner).write(AtomicUsize::new(0));
            (&raw mut (*place).current).write(Cell::new(None));
            (&raw mut (*place).fibers).write(Some(fiber));
            (&raw mut (*place).alarm).write(alarm);
            (&raw mut (*place).watcher).write(None);
            (&raw mut (*place).next_ticket).write(0);
            (&raw mut (*place).closing).write(AtomicU8::new(closing::NOBODY));
            (&raw mut (*place).posts).write(Posts::new(slots.cast(), events, &raw const (*place).heap));
            (&raw mut (*place).c_tasks).write(1);
            (&raw mut (*place).deliver).write(AtomicUsize::new(0));
            (&raw mut (*place).inst).write(0);
            #[cfg(feature = "thread")]
            (&raw mut (*place).thread_stack).write(sizes.thread_stack);
            #[cfg(feature = "thread")]
            (&raw mut (*place).max_threads).write(sizes.max_threads);
            #[cfg(feature = "thread")]
            (&raw mut (*place).thread_stack_set).write(0);
            (&raw mut (*place).class_epoch).write(0);
            (&raw mut (*place).ahead).write(None);
            (&raw mut (*place).crlf).write(port.console_crlf());
            (&raw mut (*place).in_callback).write(false);
            (&raw mut (*place).undisturbed).write(false);
            (&raw mut (*place).opt_level).write(0);
            (&raw mut (*place).budget).write(None);
            (&raw mut (*place).deadline).write(Deadline::NEVER);
            (&raw mut (*place).overrun).write(0);
            #[cfg(feature = "frozen")]
            (&raw mut (*place).frozen).write(crate::code::frozen::Blob::EMPTY);
            #[cfg(feature = "natives")]
            (&raw mut (*place).natives).write(super::natives::Natives::NONE);
            #[cfg(feature = "machine-tables")]
            {
                (&raw mut (*place).machine).write(crate::port::machine::Machine::NONE);
                (&raw mut (*place).next_source).write(0);
            }
            #[cfg(feature = "settrace")]
            (&raw mut (*place).trace).write(Default::default());
            (&raw mut (*place).interrupt).write(Interrupt::new());
        }
        Some(Vm { st, fiber })
    }
    /// Gives the port its alarm and this fiber's wake object back: the VM is not used any more.
    pub fn end_wakes(&mut self) {
        self.state().alarm.end();
        if let Some(wake) = self.fiber_mut().wake.take() {
            wake.end();
        }
    }
    /// For VMs whose region was given away for good, or whose users know that it is open.
    pub fn remote(&self) -> Remote {
        Remote { st: self.st }
    }
    /// The oldest post.
    pub fn take_post(&mut self) -> Option<Post> {
        // SAFETY: the queue's own heap.
        unsafe { self.state().posts.pop(self.port(), self.heap()) }
    }
    /// Where the one that is served next lies or will lie.
    pub(super) fn next_post(&self) -> *const AtomicUsize {
        // SAFETY: the heap is in place.
        unsafe { Heap::next_post(self.heap()) }
    }
    /// Carries out a post of the C interface.
    pub fn deliver(&mut self, post: Post) -> R<()> {
        let deliver = self.state().deliver.load(Ordering::Relaxed);
        // SAFETY: 0, or what `Remote::deliver_by` was given.
        match unsafe { core::mem::transmute::<usize, Option<Deliver>>(deliver) } {
            Some(deliver) => deliver(self, post),
            None => Ok(()),
        }
    }
    /// A fiber for a task, with its stack of `bytes` and its wake object.
    pub fn lay_fiber(region: &mut Region, port: Port, bytes: usize, index: u16) -> Option<NonNull<Fiber>> {
        let fiber = region.take(size_of::<Fiber>(), align_of::<Fiber>())?.cast::<Fiber>();
        let task = region.take(size_of::<Task>(), align_of::<Task>())?.cast::<Task>();
        let wake = Wake::new(port, region)?;
        let bytes = bytes & !15;
        let Some(stack) = region.take(bytes, 16) else {
            wake.end();
            return None;
        };
        // SAFETY: the pieces were carved from the region just now.
        unsafe {
            task.write(Task::new(index, fiber));
            fiber.write(Fiber::new(stack.as_ptr(), bytes, task));
            (*fiber.as_ptr()).wake = Some(wake);
        }
        Some(fiber)
    }
    /// # Safety
    /// Both must live as long as the handle, and the VM lock must be held by this task whenever the handle is used.
    pub unsafe fn from_raw(st: NonNull<State>, fiber: NonNull<Fiber>) -> Vm {
        Vm { st, fiber }
    }
    #[inline(always)]
    pub(super) fn state_ptr(&self) -> *mut State {
        self.st.as_ptr()
    }
    #[inline(always)]
    pub(super) fn fiber_ptr(&self) -> *mut Fiber {
        self.fiber.as_ptr()
    }
    #[inline(always)]
    pub fn state(&self) -> &State {
        // SAFETY: `from_raw`.
        unsafe { self.st.as_ref() }
    }
    #[inline(always)]
    pub fn state_mut(&mut self) -> &mut State {
        // SAFETY: `from_raw`; `&mut self` is the only handle that is in use.
        unsafe { self.st.as_mut() }
    }
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        &self.state().heap
    }
    #[inline(always)]
    pub fn heap_mut(&mut self) -> &mut Heap {
        &mut self.state_mut().heap
    }
    #[inline(always)]
    pub fn fiber(&self) -> &Fiber {
        // SAFETY: `from_raw`.
        unsafe { self.fiber.as_ref() }
    }
    #[inline(always)]
    pub fn fiber_mut(&mut self) -> &mut Fiber {
        // SAFETY: `from_raw`; `&mut self` is the only handle that is in use.
        unsafe { self.fiber.as_mut() }
    }

    /// Runs a heap-only native on the top `n` words.
    pub(super) fn call_heap_native(&mut self, f: fn(&mut Heap, &[Value]) -> R, n: u32) -> R {
        let sp = self.fiber().sp;
        // SAFETY: the top `n` words are a call's arguments: valid values, none empty. The heap does not touch the fiber's
        // block, and a heap-only native does not reach the fiber.
        let window = unsafe { core::slice::from_raw_parts(sp.sub(n as usize).cast::<Value>(), n as usize) };
        f(self.heap_mut(), window)
    }

    // ---- what a collection reads -----------------------------------------------------------------------------

    /// Shades the running frame and hands over the rest of this fiber's stack and all of the others'.
    pub(super) fn hand_over_frames(&mut self) {
        let f = self.fiber();
        // Nothing runs in a fiber without a frame: its few words count as the frame.
        let from = f.span.todo as usize;
        let n = (f.sp as usize - f.base as usize) / 4 - from;
        let (base, code) = (f.base, f.code);
        let span = NonNull::from(&mut self.fiber_mut().span);
        let kept = self.task().exception.get().map_or(0, Value::bits);
        // SAFETY: the words lie in the fiber's block and are empty or values; the fiber outlives the cycle.
        unsafe {
            let heap = self.heap_mut();
            heap.shade_words(base.add(from), n);
            heap.shade_words(&code, 1);
            heap.shade_words(&kept, 1);
            heap.add_span(span);
        }
        self.start_other_fibers();
    }
    /// Hands over the stacks of the VM's other fibers.
    fn start_other_fibers(&mut self) {
        let mine = NonNull::from(self.fiber_mut());
        let mut at = self.state().fibers;
        while let Some(mut f) = at {
            // SAFETY: the list holds the fibers of attached tasks, which outlive their entry; none of them runs.
            let fiber = unsafe { f.as_mut() };
            at = fiber.next;
            if f != mine {
                fiber.span.todo = ((fiber.sp as usize - fiber.base as usize) / 4) as u32;
                let span = NonNull::from(&mut fiber.span);
                // SAFETY: a fiber's task lies beside it.
                let exception = unsafe { fiber.task.as_ref() }.exception.get();
                let kept = [fiber.away.raised, exception].map(|v| v.map_or(0, Value::bits));
                // SAFETY: as `start_cycle`.
                unsafe {
                    self.heap_mut().shade_words(kept.as_ptr(), kept.len());
                    self.heap_mut().add_span(span);
                }
            }
        }
    }
    /// This fiber runs again after others did: a collection that has started since must see all of its stack first.
    pub fn resume_fiber(&mut self) {
        let span = NonNull::from(&mut self.fiber_mut().span);
        // SAFETY: the span is this fiber's.
        unsafe { self.heap_mut().scan_span_to(span, 0) };
    }
    // ---- who has the VM --------------------------------------------------------------------------------------

    pub fn task(&self) -> &Task {
        // SAFETY: a fiber's task lies beside it.
        unsafe { self.fiber().task.as_ref() }
    }
    /// This task holds the lock now: what belongs to it is in place again.
    pub fn arrive(&mut self) {
        let task = self.fiber().task;
        let id = self.task().id.load(Ordering::Relaxed);
        let away = core::mem::replace(&mut self.fiber_mut().away, Away::NEW);
        let st = self.state_mut();
        st.current.set(Some(task));
        st.owner.store(id, Ordering::Release);
        st.output = away.output;
        st.budget = away.budget;
        st.deadline = away.deadline;
        st.overrun = away.overrun;
        st.undisturbed = away.undisturbed;
        st.heap.raised = away.raised;
        st.heap.set_locks(away.heap_locks);
        self.resume_fiber();
        fence(Ordering::SeqCst);
        self.heap().look_for_posts();
        self.look_at_limits();
        if self.state().interrupt.is_set() {
            self.heap().set_pending(PENDING_EVENTS);
        }
    }
    /// This task is about to give the lock back.
    fn depart(&mut self) {
        let raised = self.heap_mut().raised.take();
        let st = self.state_mut();
        let away = Away {
            output: st.output,
            budget: st.budget,
            deadline: st.deadline,
            overrun: st.overrun,
            undisturbed: st.undisturbed,
            raised,
            heap_locks: st.heap.locks(),
        };
        st.heap.set_locks(0);
        self.fiber_mut().away = away;
        if self.state().watcher.is_none() {
            self.wake_sleeper();
        }
        let st = self.state();
        st.current.set(None);
        st.owner.store(0, Ordering::Release);
        fence(Ordering::SeqCst);
        if self.has_callbacks() || self.heap().pending_bits() & PENDING_EVENTS != 0 {
            st.alarm.set();
        }
    }
    /// Gives the VM to whoever waits for it; `arrive` after the lock was taken again.
    pub fn release(&mut self) {
        self.depart();
        self.remote().unlock();
    }
    /// Takes the VM again.
    pub fn regain(&mut self) {
        // Without a timeout the port gives the lock or never returns.
        while !self.remote().lock(FOREVER) {}
        self.arrive();
    }
    /// What a limit or the end of the VM asks of this task is looked at from the next safepoint on.
    pub(super) fn look_at_limits(&mut self) {
        let st = self.state();
        let limited = st.budget.is_some() || st.deadline.get().is_some() || self.is_closing();
        #[cfg(not(feature = "tiny"))]
        let limited = limited || st.port.counts_running();
        if limited {
            self.heap().set_pending(PENDING_LIMIT);
        } else {
            self.heap().drop_pending(PENDING_LIMIT);
        }
    }
    /// This task's program is to end.
    pub(super) fn is_closing(&self) -> bool {
        match self.state().closing.load(Ordering::Acquire) {
            closing::NOBODY => false,
            closing::THREADS => self.fiber().is_thread,
            _ => true,
        }
    }
    /// Calls `f` on the fibers of the attached tasks, the newest first, until it says true.
    pub(super) fn find_fiber(&self, mut f: impl FnMut(&mut Fiber) -> bool) -> bool {
        let mut at = self.state().fibers;
        while let Some(mut fiber) = at {
            // SAFETY: the list holds the fibers of attached tasks, which outlive their entry; the lock's holder alone
            // looks at them.
            let fiber = unsafe { fiber.as_mut() };
            if f(fiber) {
                return true;
            }
            at = fiber.next;
        }
        false
    }
    /// Wakes a task that sleeps, if one does, so that it watches over the events.
    fn wake_sleeper(&self) {
        self.find_fiber(|f| f.sleeps_on.map(|w| w.set()).is_some());
    }
    /// Wakes all tasks that sleep.
    pub fn wake_all(&self) {
        self.find_fiber(|f| {
            if let Some(wake) = f.sleeps_on {
                wake.set();
            }
            false
        });
    }
    /// The task that an interrupt is meant for: the oldest that is not a Python thread. True where it is this one or
    /// there is none; else it is woken.
    pub(super) fn is_interrupted(&self) -> bool {
        let (me, mut oldest) = (self.fiber_ptr(), None);
        self.find_fiber(|f| {
            if !f.is_thread {
                oldest = Some((core::ptr::from_mut(f), f.sleeps_on));
            }
            false
        });
        match oldest {
            Some((fiber, _)) if fiber == me => true,
            Some((_, wake)) => {
                if let Some(wake) = wake {
                    wake.set();
                }
                false
            }
            None => true,
        }
    }
    /// Sleeps until something wakes this task, at most `timeout_us`, while others use the VM. Runs no Python code.
    pub(super) fn sleep(&mut self, timeout_us: u64) {
        self.sleep_unless(timeout_us, |_, _| false);
    }
    /// As `sleep`; `ready` is asked before, with the wake object that the task would sleep on.
    #[inline]
    fn sleep_unless(&mut self, timeout_us: u64, ready: impl FnOnce(&Vm, Wake) -> bool) {
        let Some(own) = self.fiber().wake else {
            self.blocking(|port| port.yield_now());
            return;
        };
        let wake = match self.state().watcher {
            Some(_) => own,
            None => {
                self.state_mut().watcher = Some(self.fiber);
                self.state().alarm
            }
        };
        self.fiber_mut().sleeps_on = Some(wake);
        let mut timeout_us = timeout_us;
        // Whoever sleeps looks after its limits next.
        if let Some(deadline) = self.state().deadline.get() {
            timeout_us = timeout_us.min(deadline.saturating_sub(self.port().clock_us()));
        }
        if self.fiber().wants_input {
            self.port().console_notify(Some(&wake));
            // What came in before would not wake us.
            if self.console_ready() {
                timeout_us = 0;
            }
        }
        if ready(self, wake) {
            timeout_us = 0;
        }
        self.blocking(|_| wake.wait(timeout_us));
        self.fiber_mut().sleeps_on = None;
        if self.state().watcher == Some(self.fiber) {
            self.state_mut().watcher = None;
        }
    }
    /// Sleeps among those who wait for `object`, at most `timeout_us`: true when its turn has come (`unpark`).
    pub fn park(&mut self, object: Value, ticket: u32, timeout_us: u64) -> bool {
        let fiber = self.fiber_mut();
        fiber.waits_for = object.bits();
        fiber.ticket = ticket;
        let timeout_us = if self.has_callbacks() { 0 } else { timeout_us };
        self.sleep(timeout_us);
        core::mem::take(&mut self.fiber_mut().waits_for) == 0
    }
    /// Sleeps in a line of a queue, at most `timeout_us`: a writer until `need` bytes find room. `again`: at its head.
    #[cfg(feature = "natives")]
    pub fn sleep_in_line(&mut self, queue: &Queue, side: Side, need: u32, again: bool, timeout_us: u64) {
        let timeout_us = if self.has_callbacks() { 0 } else { timeout_us };
        queue.with_waiter(side, |waiter| {
            self.sleep_unless(timeout_us, |vm, wake| {
                // SAFETY: the wake object is the fiber's own or the VM's; whoever ends them waits until `wakers` are gone.
                unsafe { queue.line_up(side, waiter, need, again, wake, &vm.fiber().wakers) }
            });
        });
    }
    /// A place among those who wait.
    pub fn take_ticket(&mut self) -> u32 {
        let st = self.state_mut();
        st.next_ticket = st.next_ticket.wrapping_add(1);
        st.next_ticket
    }
    /// It is the turn of whoever has waited longest for `object`; false where nobody does.
    pub fn unpark(&mut self, object: Value) -> bool {
        let now = self.state().next_ticket;
        let mut longest: Option<(u32, NonNull<Fiber>)> = None;
        self.find_fiber(|f| {
            let age = now.wrapping_sub(f.ticket);
            if f.waits_for == object.bits() && longest.is_none_or(|(most, _)| age > most) {
                longest = Some((age, NonNull::from(f)));
            }
            false
        });
        let Some((_, mut fiber)) = longest else { return false };
        // SAFETY: as `find_fiber`.
        let fiber = unsafe { fiber.as_mut() };
        fiber.waits_for = 0;
        if let Some(wake) = fiber.sleeps_on {
            wake.set();
        }
        true
    }
    /// This task no longer waits for the console's input. One wake object hears of it at a time, so that is passed on.
    pub(super) fn drop_input(&mut self) {
        self.fiber_mut().wants_input = false;
        let mut next = None;
        self.find_fiber(|f| {
            next = f.sleeps_on.filter(|_| f.wants_input);
            next.is_some()
        });
        self.port().console_notify(next.as_ref());
        // What came in before would not wake it.
        if let Some(wake) = next {
            wake.set();
        }
    }
    /// The fiber's task uses the VM from now on: collections see its stack.
    pub fn attach(&mut self) {
        self.fiber_mut().next = self.state().fibers;
        self.state_mut().fibers = Some(self.fiber);
    }
    /// The task has left: its fiber is empty.
    pub fn detach(&mut self) {
        self.resume_fiber();
        let span = NonNull::from(&mut self.fiber_mut().span);
        // SAFETY: the span is this fiber's.
        unsafe { self.heap_mut().remove_span(span) };
        let mine = self.fiber;
        let next = self.fiber_mut().next.take();
        let mut at = &raw mut self.state_mut().fibers;
        // SAFETY: the list holds attached fibers, which are in place as long as the VM; none of them runs.
        unsafe {
            while let Some(fiber) = *at {
                if fiber == mine {
                    *at = next;
                    return;
                }
                at = &raw mut (*fiber.as_ptr()).next;
            }
        }
    }
    /// State and fiber, for whoever makes a handle again.
    pub fn raw(&self) -> (NonNull<State>, NonNull<Fiber>) {
        (self.st, self.fiber)
    }
    /// A return reached a frame that the running collection had not scanned.
    pub(super) fn scan_returned(&mut self) {
        let base = self.frame_base();
        let at = if self.has_frame() { base.saturating_sub(1) } else { 0 };
        let span = NonNull::from(&mut self.fiber_mut().span);
        // SAFETY: as `start_cycle`; the span belongs to this fiber.
        unsafe { self.heap_mut().scan_span_to(span, at) };
        if self.heap().is_marking() {
            self.pass_unscanned();
        }
    }
}
