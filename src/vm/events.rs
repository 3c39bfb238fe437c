//! Safepoints: where a collection may start, and where posted events, finalizers, limits and interrupts are looked after.
//!
//! Invariants
//! - the dispatch loop gets here when `heap.pending` is not 0: at backward jumps and at calls; natives by `tick`;
//! - a snapshot shades the roots and the running frame; what lies below is scanned by steps, or when a return reaches it;
//! - callbacks and finalizers run in a nested loop, and never while another one of them runs.

use super::api::{NATIVE_STACK_NEEDED, Vm};
use super::fiber::Slot;
use super::frame::posts::{Post, kind};
use super::state::{Deadline, Output, Root};
use crate::heap::{Mode, PENDING_CYCLE, R, Raised, TypeId, Value};
pub use crate::heap::{PENDING_FINALIZERS, PENDING_POSTED};
use crate::object::list;
use crate::q;
use core::sync::atomic::Ordering;

/// A budget or a deadline is set: every safepoint comes here.
pub const PENDING_LIMIT: u32 = 1 << 8;
/// The interrupt word (`State::interrupt`) and `State::closing` are to be looked at: set by the task or ISR that wrote them.
pub const PENDING_EVENTS: u32 = 1 << 16;
/// A task waits for the VM: set by that task.
pub const PENDING_YIELD: u32 = 1 << 24;

/// What all finalizers may take at the end of the VM.
const FINALIZE_US: u64 = 1_000_000;

/// Times that a program may catch what a limit raised.
const MAX_OVERRUN: u8 = 16;

impl Vm {
    /// Looks after what is pending, if anything is.
    #[inline]
    pub(super) fn poll(&mut self) -> R<()> {
        if self.heap().pending() != 0 { self.safepoint() } else { Ok(()) }
    }
    #[cold]
    #[inline(never)]
    pub(super) fn safepoint(&mut self) -> R<()> {
        let what = self.heap().pending_bits();
        if what == 0 {
            // What was asked for was seen before the asker had done.
            self.heap().clear_pending(0);
        }
        if what & PENDING_YIELD != 0 {
            self.let_in();
        }
        if what & PENDING_CYCLE != 0 && !self.pay_debt() {
            self.start_cycle();
            if self.heap().mode() == Mode::Always {
                self.finish_cycle();
            }
        }
        // The collector's work takes its time: who has come meanwhile is let in now.
        let what = self.heap().pending_bits();
        if what & PENDING_YIELD != 0 {
            self.let_in();
        }
        if what & PENDING_EVENTS != 0 {
            self.heap().clear_pending(PENDING_EVENTS);
            self.look_at_limits();
            if self.state().interrupt.is_set() && self.is_interrupted() && self.state().interrupt.swap_out() {
                return Err(self.raise_interrupt());
            }
        }
        let what = self.heap().pending_bits();
        if what & PENDING_LIMIT != 0 {
            self.check_limits(1)?;
        }
        if what & (PENDING_FINALIZERS | PENDING_POSTED) != 0
            && !self.state().in_callback
            && !self.state().undisturbed
        {
            self.state_mut().in_callback = true;
            let r = self.run_callbacks();
            self.state_mut().in_callback = false;
            self.heap().clear_pending(0);
            r?;
        }
        Ok(())
    }

    /// Lets a task in that has asked for the VM; where none may come in now, it is at the first safepoint at which one may.
    fn let_in(&mut self) {
        if !self.state().undisturbed {
            self.heap().clear_pending(PENDING_YIELD);
            self.blocking(|_| ());
        }
    }
    /// The same, and nothing else, for what must neither raise nor run Python.
    pub fn let_tasks_in(&mut self) {
        if self.heap().pending_bits() & PENDING_YIELD != 0 {
            self.let_in();
        }
    }
    #[cold]
    fn raise_interrupt(&mut self) -> Raised {
        match self.root(Root::Interrupting) {
            Some(e) => {
                self.set_root(Root::Interrupting, None);
                self.heap_mut().raise_value(e)
            }
            None => self.raise_bare(TypeId::KeyboardInterrupt),
        }
    }
    /// The program is interrupted by `e` at its next safepoint.
    pub fn interrupt_with(&mut self, e: Value) {
        self.set_root(Root::Interrupting, Some(e));
        self.state().interrupt.raise();
        self.heap().set_pending(PENDING_EVENTS);
    }

    /// A native's safepoint, after about `n` instructions of work.
    pub fn tick(&mut self, n: u32) -> R<()> {
        if self.heap().pending() == 0 {
            return Ok(());
        }
        if self.heap().pending_bits() & PENDING_LIMIT != 0 {
            self.check_limits(n / 100)?;
        }
        self.safepoint()
    }

    /// `tick` in the midst of an object that others may change: interrupts and limits reach the native, but no task is let
    /// in and no callback runs, so that the native is one step for all who use the object.
    pub fn tick_alone(&mut self, n: u32) -> R<()> {
        if self.heap().pending() == 0 {
            return Ok(());
        }
        let before = core::mem::replace(&mut self.state_mut().undisturbed, true);
        let r = self.tick(n);
        self.state_mut().undisturbed = before;
        r
    }

    /// Somebody waits for the VM, or something for its turn in this task: a native that looks at an object which others may
    /// change gives way once it has made a copy of it. Where flash counts most natives make none.
    #[inline(always)]
    pub fn is_wanted(&self) -> bool {
        cfg!(not(feature = "tiny"))
            && self.heap().pending_bits() & (PENDING_YIELD | PENDING_EVENTS | PENDING_POSTED) != 0
            && !self.state().undisturbed
    }

    /// Counts against the budget and compares the deadline.
    fn check_limits(&mut self, n: u32) -> R<()> {
        #[cfg(not(feature = "tiny"))]
        self.state().port.running(n);
        if self.is_closing() {
            let st = self.state_mut();
            st.overrun = st.overrun.saturating_add(1);
            return Err(self.raise_bare(TypeId::SystemExit));
        }
        let st = self.state_mut();
        if let Some(left) = st.budget {
            match left.checked_sub(n) {
                Some(left) => st.budget = Some(left),
                // What catches the exception is stopped again at its next safepoint.
                None => {
                    st.budget = Some(0);
                    st.overrun = st.overrun.saturating_add(1);
                    return Err(self.limit_reached());
                }
            }
        }
        if let Some(deadline) = self.state().deadline.get()
            && self.state().port.clock_us() >= deadline
        {
            let st = self.state_mut();
            st.overrun = st.overrun.saturating_add(1);
            return Err(self.limit_reached());
        }
        Ok(())
    }
    /// A program has caught what a limit raised again and again: handlers and `finally` no longer count.
    pub(super) fn is_overrun(&self) -> bool {
        self.state().overrun > MAX_OVERRUN
    }
    #[cold]
    fn limit_reached(&mut self) -> Raised {
        self.raise(TypeId::TimeoutError, "limit reached")
    }
    /// Sets a budget (safepoints) and a deadline (microseconds of the port's clock) for what runs from now on, until
    /// they are set again: once a limit is reached, every further safepoint raises, and a program that goes on all the
    /// same is soon not asked any more.
    pub fn set_limits(&mut self, budget: Option<u32>, deadline_us: Option<u64>) {
        let st = self.state_mut();
        st.budget = budget;
        st.deadline = Deadline::at(deadline_us);
        st.overrun = 0;
        self.look_at_limits();
    }

    // ---- collection ------------------------------------------------------------------------------------------

    /// Takes a snapshot, unless a cycle is running.
    fn start_cycle(&mut self) {
        if !self.heap().is_idle() {
            return;
        }
        let state = self.state_mut();
        state.heap.start_cycle(&state.roots);
        self.mark_unscanned();
        self.hand_over_frames();
    }
    /// Does the collector's work that allocations owe, unless a new cycle is wanted; between its steps tasks that ask for the VM
    /// get it. In the midst of what nobody may disturb, and in a callback, it is one step.
    #[cfg(not(feature = "tiny"))]
    fn pay_debt(&mut self) -> bool {
        if self.heap().is_idle() || self.heap().mode() != Mode::Normal {
            return false;
        }
        self.heap().clear_pending(PENDING_CYCLE);
        while self.heap_mut().owes() {
            let what = self.heap().pending_bits();
            if what & PENDING_YIELD != 0 {
                self.let_in();
            }
            let alone = self.state().undisturbed || self.state().in_callback;
            // What was posted goes first.
            if what & (PENDING_EVENTS | PENDING_POSTED) == 0 || alone {
                self.heap_mut().pay_debt();
            }
            if what & (PENDING_EVENTS | PENDING_POSTED) != 0 || alone {
                self.heap().set_pending(PENDING_CYCLE);
                break;
            }
        }
        true
    }
    #[cfg(feature = "tiny")]
    #[inline(always)]
    fn pay_debt(&self) -> bool {
        false
    }
    /// Runs the cycle to its end; before and after each step tasks that ask for the VM get it, and what was posted runs.
    pub(super) fn finish_cycle_in_turns(&mut self) -> R<()> {
        let cycles = self.heap().counts().cycles;
        self.give_turn()?;
        // Others may end it, and begin another one.
        while !self.heap().is_idle() && self.heap().counts().cycles == cycles {
            self.heap_mut().collect_step();
            self.give_turn()?;
        }
        Ok(())
    }
    /// A safepoint if somebody waits: for tasks alone where there is no room on the native stack for a callback.
    fn give_turn(&mut self) -> R<()> {
        if self.heap().pending_bits() & (PENDING_YIELD | PENDING_EVENTS | PENDING_POSTED) == 0 {
            return Ok(());
        }
        let before = self.state().in_callback;
        self.state_mut().in_callback = before || self.port().stack_left() < NATIVE_STACK_NEEDED;
        let done = self.safepoint();
        self.state_mut().in_callback = before;
        done
    }
    pub(super) fn finish_cycle(&mut self) {
        while !self.heap().is_idle() {
            self.heap_mut().collect_step();
        }
    }
    /// A full collection at a safepoint, in steps between which other tasks may come in and callbacks run: what those raise ends
    /// it.
    pub fn collect_in_turns(&mut self) -> R<()> {
        #[cfg(feature = "thread")]
        self.reap_threads();
        self.heap_mut().close_cache();
        self.finish_cycle_in_turns()?;
        self.start_cycle();
        self.finish_cycle_in_turns()?;
        self.heap_mut().restore_emergency();
        Ok(())
    }
    /// A full collection, in steps: what is garbage now is free afterwards. No other task comes in: natives call this in the
    /// midst of what they do.
    pub fn collect(&mut self) {
        #[cfg(feature = "thread")]
        self.reap_threads();
        self.heap_mut().close_cache();
        self.finish_cycle();
        // An exception on its way is a root of the heap's own.
        self.start_cycle();
        self.finish_cycle();
        self.heap_mut().restore_emergency();
    }

    /// Calls what `sys.atexit` was given, once.
    pub fn call_at_exit(&mut self) -> R<()> {
        let Some(f) = self.root(Root::AtExit) else { return Ok(()) };
        self.set_root(Root::AtExit, None);
        self.call(f, &[]).map(|_| ())
    }
    /// The same at the end of the VM, for a while; what it raises is shown, but for `SystemExit` and `KeyboardInterrupt`.
    #[cfg(feature = "basic")]
    pub fn run_at_exit(&mut self, timeout_us: u64) {
        let port = self.port();
        self.set_limits(None, Some(port.clock_us().saturating_add(timeout_us)));
        let done = self.call_at_exit();
        self.set_limits(None, None);
        if done.is_err() && self.report_lost_exception().is_err() {
            self.heap_mut().raised = None;
        }
    }

    /// Runs the finalizers of all objects, at the end of the VM; what they raise is shown.
    pub fn finalize_all(&mut self) {
        self.finish_cycle();
        self.heap_mut().doom_all();
        let port = self.port();
        self.set_limits(None, Some(port.clock_us().saturating_add(FINALIZE_US)));
        while let Some(v) = self.heap_mut().next_finalizer() {
            if self.run_finalizer(v).is_err() {
                self.heap_mut().raised = None;
            }
        }
        #[cfg(feature = "machine-tables")]
        self.close_devices();
        self.set_limits(None, None);
    }

    // ---- callbacks -------------------------------------------------------------------------------------------

    /// Runs `__del__` of what the last collection found, and what was scheduled.
    fn run_callbacks(&mut self) -> R<()> {
        // What was posted does not wait for all that died, nor do other tasks.
        loop {
            self.serve_posts()?;
            self.let_tasks_in();
            match self.heap_mut().next_finalizer() {
                Some(v) => self.run_finalizer(v)?,
                None => return Ok(()),
            }
        }
    }
    fn serve_posts(&mut self) -> R<()> {
        // Callbacks are not held up by those that wait behind them.
        self.heap().clear_pending(PENDING_POSTED);
        // One that schedules itself again waits for the next safepoint.
        let end = self.state().posts.end();
        while let Some(post) = self.take_post() {
            let depth = self.depth();
            let served = self.serve(post);
            // The frame that goes on finds its stack as it was, wherever serving failed.
            self.drop_to(Slot(depth));
            if let Err(Raised) = served {
                self.report_lost_exception()?;
            }
            if self.next_post() == end {
                break;
            }
        }
        Ok(())
    }
    fn serve(&mut self, post: Post) -> R<()> {
        match post {
            [kind::NOTHING, ..] => Ok(()),
            [kind::SCHEDULED, ..] => self.run_scheduled(),
            #[cfg(feature = "machine-tables")]
            [kind::DEVICE, source, flags] => self.serve_device(source, flags),
            _ => self.deliver(post),
        }
    }
    fn run_scheduled(&mut self) -> R<()> {
        let Some(queue) = self.root(Root::Scheduled) else { return Ok(()) };
        let (Some(f), Some(arg)) = (list::get(self.heap(), queue, 0), list::get(self.heap(), queue, 1))
        else {
            return Ok(());
        };
        let kept = self.push(f).and_then(|_| self.push(arg));
        // Its record is gone, whatever happens.
        list::splice_out(self.heap_mut(), queue, 0, 2);
        kept?;
        self.call(f, &[arg]).map(|_| ())
    }
    fn run_finalizer(&mut self, v: Value) -> R<()> {
        let at = self.push(v);
        let mut r = Ok(());
        if at.is_ok()
            && let Some((f, me)) = self.find_special_method(v, q!("__del__"))
        {
            r = self.call(f, &[me]).map(|_| ());
        }
        if let Err(Raised) = r {
            r = self.report_lost_exception();
        }
        // Those who watch the object are told whatever happens; an exception that goes on waits in the slot.
        let waits = if r.is_err() { self.heap_mut().raised.take() } else { None };
        if let (Some(e), Ok(at)) = (waits, at) {
            self.set(at, e);
        }
        let hook = self.registry().hooks.finalize;
        let told = hook(self, v);
        self.drop_to(at?);
        if waits.is_some() {
            self.heap_mut().raised = waits;
            return Err(Raised);
        }
        match told {
            Err(Raised) => self.report_lost_exception(),
            told => told,
        }
    }
    /// An exception that nobody can catch: printed on the console; `KeyboardInterrupt` and `SystemExit` go on.
    pub fn report_lost_exception(&mut self) -> R<()> {
        if self.raised_is(TypeId::KeyboardInterrupt) || self.raised_is(TypeId::SystemExit) {
            return Err(Raised);
        }
        let e = self.take_raised();
        let at = self.push(e)?;
        let output = self.set_output(Output::Console);
        let f = self.registry().hooks.print_exception;
        let _ = f(self, e);
        self.set_output(output);
        self.heap_mut().raised = None;
        self.drop_to(at);
        Ok(())
    }
    /// `micropython.schedule`: false where the queue is full.
    pub fn schedule(&mut self, f: Value, arg: Value) -> R<bool> {
        let queue = match self.root(Root::Scheduled) {
            Some(q) => q,
            None => {
                let at: Slot = self.push(f)?;
                self.push(arg)?;
                let q = self.with_heap(list::new)?;
                self.drop_to(at);
                self.set_root(Root::Scheduled, Some(q));
                q
            }
        };
        self.with_heap(|h| {
            list::append(h, queue, f)?;
            match list::append(h, queue, arg) {
                Ok(()) => Ok(()),
                Err(e) => {
                    let n = list::len(h, queue);
                    list::splice_out(h, queue, n - 1, n);
                    Err(e)
                }
            }
        })?;
        let done = self.remote().post([kind::SCHEDULED, 0, 0]);
        if !done {
            let n = list::len(self.heap(), queue);
            list::splice_out(self.heap_mut(), queue, n - 2, n);
        }
        Ok(done)
    }
}

/// The word by which other tasks and interrupts ask for a `KeyboardInterrupt`.
pub struct Interrupt {
    asked: core::sync::atomic::AtomicBool,
    /// The program has not switched it off (`micropython.kbd_intr`).
    enabled: core::sync::atomic::AtomicBool,
}

impl Default for Interrupt {
    fn default() -> Self {
        Self::new()
    }
}

impl Interrupt {
    pub const fn new() -> Interrupt {
        Interrupt {
            asked: core::sync::atomic::AtomicBool::new(false),
            enabled: core::sync::atomic::AtomicBool::new(true),
        }
    }
    /// Legal from any task or interrupt.
    pub fn raise(&self) {
        self.asked.store(true, Ordering::Release);
    }
    pub fn enable(&self, on: bool) {
        self.enabled.store(on, Ordering::Release);
    }
    /// False where ctrl-C is an ordinary character.
    pub fn is_enabled(&self) -> bool {
        self.enabled.load(Ordering::Acquire)
    }
    pub fn is_set(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }
    /// Takes the request. Only the VM's task clears it, so a load and a store do without compare-and-swap.
    pub fn swap_out(&self) -> bool {
        let set = self.asked.load(Ordering::Acquire);
        if set {
            self.asked.store(false, Ordering::Release);
        }
        set
    }
}
