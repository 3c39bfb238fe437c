//! The handle's raw side: pointers to state and fiber, argument windows, and the stacks that a collection reads.
//!
//! Invariants
//! - `from_raw`'s promise carries everything here: state and fiber live, and this task holds the VM lock;
//! - stack words below `sp` are empty or values, so a collection may read them all.
#![allow(unsafe_code)]

use super::def::Registry;
use super::events::{Interrupt, PENDING_INTERRUPT};
use super::fiber::Fiber;
use super::state::{Output, Root, State};
use crate::heap::{Heap, R, Value};
use crate::port::{Mutex, Port, Region, Wake};
use core::ptr::NonNull;

/// The way to interrupt a VM from other tasks and from interrupts.
#[derive(Clone, Copy)]
pub struct Interrupter {
    st: NonNull<State>,
    fiber: NonNull<Fiber>,
}

// SAFETY: it touches nothing but atomics and the fiber's wake object, which the port lets everybody set.
unsafe impl Send for Interrupter {}
// SAFETY: as above.
unsafe impl Sync for Interrupter {}

impl Interrupter {
    /// The running program gets `KeyboardInterrupt` at its next safepoint; false where it switched that off.
    pub fn interrupt(&self) -> bool {
        // SAFETY: the state was laid in memory that was given away for good; only its atomic parts are used.
        let (asked, heap) = unsafe { (&(*self.st.as_ptr()).interrupt, &(*self.st.as_ptr()).heap) };
        if !asked.is_enabled() {
            return false;
        }
        asked.raise();
        heap.set_pending(PENDING_INTERRUPT);
        // SAFETY: as above; the wake object is set when the fiber is made and stays.
        if let Some(wake) = unsafe { (*self.fiber.as_ptr()).wake } {
            wake.set();
        }
        true
    }
}

/// One task's handle on a VM: its state and the task's fiber.
pub struct Vm {
    st: NonNull<State>,
    fiber: NonNull<Fiber>,
}

impl Vm {
    /// Lays a new VM, with a fiber of `fiber_bytes` for the calling task, over all of `region`; `None` where it is too
    /// small or the port refuses. `lock` is held by the caller, or absent where only one task ever uses the VM.
    #[inline(never)]
    pub fn open(
        mut region: Region,
        port: Port,
        registry: &'static Registry,
        lock: Option<Mutex>,
        fiber_bytes: usize,
    ) -> Option<Vm> {
        let st = region.take(size_of::<State>(), align_of::<State>())?.cast::<State>();
        let fiber = Vm::lay_fiber(&mut region, port, fiber_bytes)?;
        let start = region.take(0, 16)?;
        let bytes = region.len() & !7;
        let place = st.as_ptr();
        // SAFETY: the region is exclusively ours; what is left of it becomes the heap. Every field is written, in place: the
        // state is too large to be moved over a task's stack.
        unsafe {
            Heap::new_at(&raw mut (*place).heap, start.as_ptr(), bytes);
            (&raw mut (*place).registry).write(registry);
            (&raw mut (*place).port).write(port);
            (&raw mut (*place).roots).write([None; Root::Count as usize]);
            (&raw mut (*place).output).write(Output::Console);
            (&raw mut (*place).lock).write(lock);
            (&raw mut (*place).fibers).write(Some(fiber));
            (&raw mut (*place).class_epoch).write(0);
            (&raw mut (*place).ahead).write(None);
            (&raw mut (*place).crlf).write(port.console_crlf());
            (&raw mut (*place).in_callback).write(false);
            (&raw mut (*place).opt_level).write(0);
            (&raw mut (*place).budget).write(None);
            (&raw mut (*place).deadline_us).write(None);
            (&raw mut (*place).overrun).write(0);
            #[cfg(feature = "frozen")]
            (&raw mut (*place).frozen).write(crate::code::frozen::Blob::EMPTY);
            #[cfg(feature = "natives")]
            (&raw mut (*place).natives).write(super::natives::Natives::NONE);
            #[cfg(feature = "settrace")]
            (&raw mut (*place).trace).write(Default::default());
            (&raw mut (*place).interrupt).write(Interrupt::new());
        }
        Some(Vm { st, fiber })
    }
    /// For VMs whose region was given away for good.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter { st: self.st, fiber: self.fiber }
    }
    /// A fiber for the calling task, with its stack of `bytes` and its wake object.
    pub fn lay_fiber(region: &mut Region, port: Port, bytes: usize) -> Option<NonNull<Fiber>> {
        let fiber = region.take(size_of::<Fiber>(), align_of::<Fiber>())?.cast::<Fiber>();
        let wake = Wake::new(port, region)?;
        let bytes = bytes & !15;
        let stack = region.take(bytes, 16)?;
        // SAFETY: both pieces were carved from the region just now.
        unsafe {
            fiber.write(Fiber::new(stack.as_ptr(), bytes));
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
        // SAFETY: the words lie in the fiber's block and are empty or values; the fiber outlives the cycle.
        unsafe {
            let heap = self.heap_mut();
            heap.shade_words(base.add(from), n);
            heap.shade_words(&code, 1);
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
                // SAFETY: as `start_cycle`.
                unsafe { self.heap_mut().add_span(span) };
            }
        }
    }
    /// This fiber runs again after others did: a collection that has started since must see all of its stack first.
    pub fn resume_fiber(&mut self) {
        let span = NonNull::from(&mut self.fiber_mut().span);
        // SAFETY: the span is this fiber's.
        unsafe { self.heap_mut().scan_span_to(span, 0) };
    }
    /// The fiber's task uses the VM from now on: collections see its stack.
    pub fn attach(&mut self) {
        self.fiber_mut().next = self.state().fibers;
        self.state_mut().fibers = Some(self.fiber);
    }
    /// The task has left: its fiber is empty.
    pub fn detach(&mut self) {
        self.resume_fiber();
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
