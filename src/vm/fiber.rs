//! A fiber: one task's value stack (growing up) and frame records (growing down) in one block of memory.
//!
//! Invariants
//! - `base <= sp <= records`, all in the block; words below `sp` are empty or valid values;
//! - it never moves or grows: too deep is `RuntimeError`;
//! - `fp` and `code` always describe the running frame; `ip` and `sp` are up to date whenever the dispatch loop has called out;
//! - the word below `fp` is the callee's slot: the function, or the generator, or for class bodies and modules the dict of locals.
#![allow(unsafe_code)]

#[cfg(feature = "thread")]
pub(super) mod thread;

use super::api::{NATIVE_STACK_NEEDED, Vm};
use super::call::{flag, generator as g};
use super::state::{Deadline, Output};
use crate::code::object as code;
use crate::heap::{Kind, R, StackSpan, Value};
use crate::port::Wake;
use core::cell::Cell;
use core::ptr::{NonNull, null};
use core::sync::atomic::AtomicUsize;
use cty::c_void;

/// A place on the value stack that a native made with `Vm::push`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Slot(pub u32);

/// What happens to the value that a frame returns (low 8 bits of a record's action; data above).
pub mod action {
    /// It replaces the callee's slot. The dispatch loop does this itself.
    pub const PUSH: u32 = 0;
    /// The dispatch loop returns to the native that entered it.
    pub const EXIT: u32 = 1;
    /// `__init__`: it must be None; the object below the callee's slot is the result.
    pub const INIT: u32 = 2;
    /// It is dropped with the callee's slot.
    pub const DISCARD: u32 = 3;
    /// An operator's method; data: operator, and whether the reflected one was called. Both operands lie below the callee's slot.
    pub const BINARY: u32 = 4;
    /// `__next__` called by `FOR_ITER`: pushed; `StopIteration` ends the loop.
    pub const FOR_NEXT: u32 = 5;
    /// A generator's frame that `FOR_ITER` resumed.
    pub const GEN_FOR: u32 = 6;
    /// A generator's frame that `YIELD_FROM` of another generator resumed.
    pub const GEN_FROM: u32 = 7;
    /// A generator's frame that `YIELD_FROM` of a step of an asynchronous generator resumed: the step lies below it.
    pub const GEN_STEP: u32 = 8;
    /// A generator's frame that a native resumed (`Vm::resume`): leaves the dispatch loop.
    pub const GEN_EXIT: u32 = 9;
    /// A generator's frame that `list`, `tuple` or `set` runs through (not in every build): what it yields goes to the
    /// container below the callee's slot, and it goes on; data: `TypeId` of the result.
    pub const GEN_COLLECT: u32 = 10;
    /// `__bool__` or `__len__` of a condition: its truth replaces the operand, and the instruction runs again.
    pub const TRUTH: u32 = 19;
    /// `__iter__` for a for-loop: the iterator takes the loop's four slots.
    pub const ITER_STACK: u32 = 11;
    /// `__enter__`: the exception block is set up; data: handler.
    pub const WITH_ENTER: u32 = 12;
    /// `__exit__`; data: what lay on the stack (0 none, 1 unwinding, 2 exception).
    pub const WITH_EXIT: u32 = 13;
    /// A module's code: the module below the callee's slot is the result; data: 1 when only the statement matters.
    pub const MODULE: u32 = 14;
    /// A class body: the class is made from the dict in the callee's slot.
    pub const CLASS_BODY: u32 = 15;
    /// `__new__`: `__init__` follows if the object is an instance of the class; data: number of arguments below.
    pub const NEW: u32 = 16;
    /// An attribute's value for `LOAD_METHOD`: an empty self is pushed after it.
    pub const METHOD: u32 = 17;
    /// `__contains__`, `__eq__` …: its truth is the result.
    pub const TO_BOOL: u32 = 18;
    /// A code that `exec` or `eval` was called with: it lies below the callee's slot, and the value takes its place.
    pub const CODE: u32 = 22;

    pub const fn with(id: u32, data: u32) -> u32 {
        id | data << 8
    }
}

/// Set in a `GEN_…` action: the generator that runs is the innermost of a line of delegations, and the one that was
/// resumed lies under it on the stack.
pub const DELEGATED: u32 = 1 << 30;

/// Set in an action while a collection marks: the frame that this record returns to has not been scanned.
pub const UNSCANNED: u32 = 1 << 31;

/// One Python frame's saved registers: those of the frame that called it.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Record {
    /// The caller's instruction pointer (on its last consumed byte).
    pub ip: *const u8,
    /// The caller's first local.
    pub fp: *mut u32,
    /// The caller's code (`Value` bits, 0 when no Python frame called).
    pub code: u32,
    pub action: u32,
}

#[repr(C)]
pub struct Fiber {
    pub ip: *const u8,
    /// First free word of the value stack.
    pub sp: *mut u32,
    pub fp: *mut u32,
    pub code: u32,
    /// The newest record; records lie between here and `top`.
    pub records: *mut Record,
    pub base: *mut u32,
    pub top: *mut Record,
    /// The words that the running collection has not scanned yet.
    pub span: StackSpan,
    /// What the fiber's task waits on, unless it watches over the events (`State::watcher`).
    pub wake: Option<Wake>,
    /// The other fibers of the VM.
    pub next: Option<NonNull<Fiber>>,
    pub task: NonNull<Task>,
    /// What the task sleeps on now.
    pub sleeps_on: Option<Wake>,
    /// The object that it waits for (`Vm::park`), 0 for none or once its turn has come; and its place among those who do.
    pub waits_for: u32,
    pub ticket: u32,
    /// It waits for input of the console.
    pub wants_input: bool,
    /// A Python thread.
    pub is_thread: bool,
    /// Queues that are about to wake it.
    #[cfg(feature = "natives")]
    pub wakers: crate::port::queue::Wakers,
    pub away: Away,
}

/// What belongs to the task that has the VM, while another one has it.
pub struct Away {
    pub output: Output,
    pub budget: Option<u32>,
    pub deadline: Deadline,
    pub raised: Option<Value>,
    pub overrun: u8,
    pub undisturbed: bool,
    pub heap_locks: u16,
}

impl Away {
    pub const NEW: Away = Away {
        output: Output::Console,
        budget: None,
        deadline: Deadline::NEVER,
        raised: None,
        overrun: 0,
        undisturbed: false,
        heap_locks: 0,
    };
}

/// The task that uses a fiber, and what the C interface keeps for it.
pub struct Task {
    /// The port's identity of the task; 0: the fiber is free.
    pub id: AtomicUsize,
    pub fiber: NonNull<Fiber>,
    /// Tells the references of different tasks apart.
    pub index: u16,
    /// Frames of references that are open.
    pub depth: Cell<u16>,
    /// Between `pyr_unlock` and `pyr_lock`.
    pub outside: Cell<bool>,
    /// The innermost stay, which the C interface knows more of.
    pub stay: Cell<*mut c_void>,
    /// Limits of each [python] call: ticks and milliseconds, 0 for none.
    pub ticks: Cell<u32>,
    pub ms: Cell<u32>,
    /// [python] calls that are running: natives call from within them.
    pub nested: Cell<u16>,
    /// Counts the references given to the task's frames.
    pub made: Cell<u32>,
    /// The exception of the last [python] call; the fiber's owner shades it.
    pub exception: Cell<Option<Value>>,
}

impl Fiber {
    /// An empty fiber over a block.
    ///
    /// # Safety
    /// `mem` must be valid for `bytes` bytes, aligned for `Record`, and used by nobody else.
    pub unsafe fn new(mem: *mut u8, bytes: usize, task: NonNull<Task>) -> Fiber {
        let n = bytes / size_of::<Record>();
        // SAFETY: the end of the block.
        let top = unsafe { mem.cast::<Record>().add(n) };
        Fiber {
            ip: null(),
            sp: mem.cast(),
            fp: mem.cast(),
            code: 0,
            records: top,
            base: mem.cast(),
            top,
            span: StackSpan::new(mem.cast()),
            wake: None,
            next: None,
            task,
            sleeps_on: None,
            waits_for: 0,
            ticket: 0,
            wants_input: false,
            is_thread: false,
            #[cfg(feature = "natives")]
            wakers: crate::port::queue::Wakers::new(),
            away: Away::NEW,
        }
    }
}

impl Fiber {
    /// Nobody outside the VM is about to wake it: its wake object may be ended.
    pub fn is_left_alone(&self) -> bool {
        #[cfg(feature = "natives")]
        if !self.wakers.are_gone() {
            return false;
        }
        true
    }
}

impl Task {
    pub fn new(index: u16, fiber: NonNull<Fiber>) -> Task {
        Task {
            id: AtomicUsize::new(0),
            fiber,
            index,
            depth: Cell::new(0),
            outside: Cell::new(false),
            stay: Cell::new(core::ptr::null_mut()),
            ticks: Cell::new(0),
            ms: Cell::new(0),
            nested: Cell::new(0),
            made: Cell::new(0),
            exception: Cell::new(None),
        }
    }
    /// [python] calls have limits.
    pub fn is_limited(&self) -> bool {
        self.ticks.get() | self.ms.get() != 0
    }
}

/// Copies `n` words, a frame's, and gives the end of the copy. Volatile, or it becomes a call of `memcpy`, which costs more.
///
/// # Safety
/// Both runs are valid for `n` words and apart.
#[inline(always)]
pub(super) unsafe fn copy_few(from: *const u32, to: *mut u32, n: usize) -> *mut u32 {
    // SAFETY: the caller's promise.
    unsafe {
        let (end, mut from, mut to) = (to.add(n), from, to);
        while to < end {
            to.write_volatile(*from);
            (from, to) = (from.add(1), to.add(1));
        }
        end
    }
}

/// Moves `n` words, a call's arguments, up by `k`. Volatile for the same reason.
///
/// # Safety
/// The `n + k` words at `at` are valid.
#[inline(always)]
pub(super) unsafe fn shift_few(at: *mut u32, n: usize, k: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut from = at.add(n);
        while from > at {
            from = from.sub(1);
            from.add(k).write_volatile(*from);
        }
    }
}

/// Whether there is room for a frame of code whose cell's payload is at `cp`, with its first local at `fp`.
///
/// # Safety
/// `f` is the running task's fiber, and the code verified.
#[inline(always)]
unsafe fn has_room(f: *const Fiber, cp: *const u32, fp: *const u32) -> bool {
    // SAFETY: the caller's promise.
    let (need, rec) = unsafe { (*cp.add(code::W_STATE) & 0xffff, (*f).records.wrapping_sub(1)) };
    fp.wrapping_add(need as usize) as usize <= rec as usize
}

/// Opens a frame for code `c`, whose cell's payload is at `cp`, with its `n` arguments below `sp`.
///
/// # Safety
/// `f` is the running task's fiber, the code verified, and `has_room` has said so.
#[inline(always)]
unsafe fn open_frame(f: *mut Fiber, mut sp: *mut u32, c: u32, cp: *const u32, n: usize, action: u32) {
    // SAFETY: the caller's promise.
    unsafe {
        let nfp = sp.sub(n);
        let rec = (*f).records.sub(1);
        let sizes = *cp.add(code::W_SIZES);
        rec.write(Record { ip: (*f).ip, fp: (*f).fp, code: (*f).code, action });
        (*f).records = rec;
        (*f).code = c;
        (*f).fp = nfp;
        let n_locals = (sizes >> 10 & 0x3ff) as usize;
        sp = clear_to(sp, nfp.add(n_locals));
        let blocks = (sizes >> 20 & 0xff) as usize;
        // A resumed generator brings its blocks along.
        if blocks != 0 && n <= n_locals {
            *sp = Value::small(0).bits();
            sp = clear_to(sp.add(1), sp.add(1 + blocks * code::BLOCK_WORDS as usize));
        }
        (*f).sp = sp;
        (*f).ip = code::first_op(cp).wrapping_sub(1);
    }
}

/// The code of `callee` where it is a Python function that takes just `n` values: no cells, nothing to be arranged.
///
/// # Safety
/// `base` is the heap's.
#[inline(always)]
unsafe fn plain_code(base: *mut u32, callee: u32, n: usize) -> Option<(u32, *const u32)> {
    if callee & 3 != 0 || n >= code::NOT_SIMPLE as usize {
        return None;
    }
    // SAFETY: a heap object starts with its header, and a function's first word is verified code.
    unsafe {
        let cell = base.add((callee >> 1) as usize);
        if Kind::from_header(*cell) != Kind::Function {
            return None;
        }
        let c = *cell.add(1);
        let cp = base.add((c >> 1) as usize + 1);
        let flags = *cp.add(code::W_FLAGS);
        (flags >> 16 == n as u32 && flags & flag::GENERATOR == 0).then_some((c, cp.cast_const()))
    }
}

/// Writes empty words from `at` to `end`, and gives the later of the two. Volatile for the reason of `copy_few`.
///
/// # Safety
/// The words are valid.
#[inline(always)]
unsafe fn clear_to(mut at: *mut u32, end: *mut u32) -> *mut u32 {
    while at < end {
        // SAFETY: the caller's promise.
        unsafe {
            at.write_volatile(0);
            at = at.add(1);
        }
    }
    at
}

impl Vm {
    /// Bytes of the fiber: value stack and frame records.
    pub fn fiber_bytes(&self) -> usize {
        let f = self.fiber();
        (f.top as usize).saturating_sub(f.base as usize)
    }
    /// Words in use.
    pub fn depth(&self) -> u32 {
        let f = self.fiber();
        ((f.sp as usize - f.base as usize) / 4) as u32
    }
    #[inline]
    pub(super) fn word_at(&self, i: u32) -> u32 {
        if i >= self.depth() {
            return 0;
        }
        // SAFETY: below the present depth.
        unsafe { *self.fiber().base.add(i as usize) }
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub(super) fn set_word_at(&mut self, i: u32, w: u32) {
        if i < self.depth() {
            // SAFETY: below the present depth.
            unsafe { *self.fiber_mut().base.add(i as usize) = w }
        }
    }
    pub(super) fn push_word(&mut self, w: u32) -> R<()> {
        let f = self.fiber_mut();
        if f.sp as usize + 4 > f.records as usize {
            return Err(self.raise_deep());
        }
        // SAFETY: `sp` lies below the records.
        unsafe {
            *f.sp = w;
            f.sp = f.sp.add(1);
        }
        Ok(())
    }
    /// First local and code of the frame `i` calls above the running one.
    pub(super) fn caller(&self, i: usize) -> Option<(u32, Value)> {
        let f = self.fiber();
        let r = f.records.wrapping_add(i);
        if r >= f.top {
            return None;
        }
        // SAFETY: records lie between `records` and `top`.
        let r = unsafe { *r };
        Some((((r.fp as usize - f.base as usize) / 4) as u32, Value::from_bits(r.code)?))
    }
    /// Records in use: how deep the running frame lies.
    #[cfg(feature = "settrace")]
    pub(super) fn frame_depth(&self) -> usize {
        let f = self.fiber();
        (f.top as usize - f.records as usize) / size_of::<Record>()
    }
    /// The offset in its code of the instruction with which the frame `i` calls above the running one called.
    #[cfg(feature = "settrace")]
    pub(super) fn caller_offset(&self, i: usize) -> Option<usize> {
        let (_, c) = self.caller(i)?;
        // SAFETY: `caller` has found the record.
        let ip = unsafe { (*self.fiber().records.wrapping_add(i)).ip };
        Some((ip as usize).wrapping_sub(code::first_address(self.heap(), c)))
    }
    /// Makes a slot with `v`: reachable until the native returns or `drop_to` an older slot.
    pub fn push(&mut self, v: Value) -> R<Slot> {
        let at = self.depth();
        self.push_word(v.bits())?;
        Ok(Slot(at))
    }
    /// Drops `slot` and everything above it.
    #[cfg_attr(feature = "tiny", inline(never))]
    pub fn drop_to(&mut self, slot: Slot) {
        self.set_depth(slot.0);
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    pub(super) fn set_depth(&mut self, n: u32) {
        if n < self.depth() {
            let f = self.fiber_mut();
            // SAFETY: below the present depth.
            f.sp = unsafe { f.base.add(n as usize) };
        }
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    pub fn get(&self, slot: Slot) -> Value {
        Value::from_bits(self.word_at(slot.0)).unwrap_or(Value::NONE)
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    pub fn set(&mut self, slot: Slot, v: Value) {
        self.set_word_at(slot.0, v.bits());
    }
    /// The word `i` below the top (0 = top).
    #[inline]
    pub(super) fn top(&self, i: u32) -> Value {
        Value::from_bits(self.top_word(i)).unwrap_or(Value::NONE)
    }
    /// The two words on top.
    #[inline]
    pub(super) fn operands(&self) -> (Value, Value) {
        let f = self.fiber();
        if (f.sp as usize).wrapping_sub(f.base as usize) < 8 {
            return (Value::NONE, Value::NONE);
        }
        // SAFETY: two words of the stack.
        let (a, b) = unsafe { (*f.sp.sub(2), *f.sp.sub(1)) };
        (Value::from_bits(a).unwrap_or(Value::NONE), Value::from_bits(b).unwrap_or(Value::NONE))
    }
    /// Drops `n` words and writes the result over the next.
    #[inline]
    pub(super) fn finish(&mut self, n: u32, v: Value) {
        let f = self.fiber_mut();
        if (f.sp as usize).wrapping_sub(f.base as usize) > n as usize * 4 {
            // SAFETY: more than `n` words lie on the stack.
            unsafe {
                f.sp = f.sp.sub(n as usize);
                *f.sp.sub(1) = v.bits();
            }
        }
    }
    /// Where the word `i` below the top lies; `None` where the stack is not so deep.
    #[inline]
    fn top_at(&self, i: u32) -> Option<*mut u32> {
        let f = self.fiber();
        let p = f.sp.wrapping_sub(1 + i as usize);
        if p >= f.base && p < f.sp { Some(p) } else { None }
    }
    #[inline]
    pub(super) fn top_word(&self, i: u32) -> u32 {
        // SAFETY: `top_at` gives words of the stack.
        self.top_at(i).map_or(0, |p| unsafe { *p })
    }
    #[inline]
    pub(super) fn set_top(&mut self, i: u32, v: Value) {
        self.set_top_word(i, v.bits());
    }
    #[inline]
    pub(super) fn set_top_word(&mut self, i: u32, w: u32) {
        if let Some(p) = self.top_at(i) {
            // SAFETY: `top_at` gives words of the stack.
            unsafe { *p = w }
        }
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub(super) fn drop_n(&mut self, n: u32) {
        let f = self.fiber_mut();
        let p = f.sp.wrapping_sub(n as usize);
        f.sp = if p >= f.base && p <= f.sp { p } else { f.base };
    }
    #[inline]
    pub(super) fn pop(&mut self) -> Value {
        let v = self.top(0);
        self.drop_n(1);
        v
    }
    /// Opens a gap of `k` words (empty) under the top `n` words.
    pub(super) fn open_gap(&mut self, n: u32, k: u32) -> R<()> {
        let (n, k) = (n as usize, k as usize);
        let f = self.fiber_mut();
        let from = f.sp.wrapping_sub(n);
        if from < f.base || f.sp.wrapping_add(k) as usize > f.records as usize {
            return Err(self.raise_deep());
        }
        // SAFETY: the top `n` words lie on the stack and there is room for `k` more.
        unsafe {
            core::ptr::copy(from, from.add(k), n);
            from.write_bytes(0, k);
            f.sp = f.sp.add(k);
        }
        Ok(())
    }
    /// Removes `k` words under the top `n` words.
    pub(super) fn close_gap(&mut self, n: u32, k: u32) {
        let (n, k) = (n as usize, k as usize);
        let f = self.fiber_mut();
        let from = f.sp.wrapping_sub(n);
        let to = from.wrapping_sub(k);
        if to < f.base || from > f.sp {
            return;
        }
        // SAFETY: the top `n + k` words lie on the stack.
        unsafe {
            core::ptr::copy(from, to, n);
            f.sp = f.sp.sub(k);
        }
    }

    // ---- frames ----------------------------------------------------------------------------------------------

    /// Pushes `n` reference words of a cell from `word` on.
    pub(super) fn load_words(&mut self, cell: Value, word: usize, n: u32) -> R<()> {
        let n = n as usize;
        let heap = self.heap();
        let n = n.min(heap.words(cell).saturating_sub(word));
        let from = heap.base_ptr();
        let f = self.fiber_mut();
        if f.sp.wrapping_add(n) as usize > f.records as usize {
            return Err(self.raise_deep());
        }
        // SAFETY: the words lie inside the cell, and there is room for them on the stack.
        unsafe {
            core::ptr::copy_nonoverlapping(from.add((cell.bits() >> 1) as usize + 1 + word), f.sp, n);
            f.sp = f.sp.add(n);
        }
        Ok(())
    }
    /// Copies the top `n` words into a new cell, from its payload word `word` on.
    pub(super) fn store_words(&mut self, cell: Value, word: usize, n: u32) {
        let heap = self.heap();
        let n = (n as usize).min(heap.words(cell).saturating_sub(word)).min(self.depth() as usize);
        let base = heap.base_ptr();
        // SAFETY: the words lie on the stack and inside the cell, which nobody has seen: it needs no barrier.
        unsafe {
            copy_few(self.fiber().sp.sub(n), base.add((cell.bits() >> 1) as usize + 1 + word), n);
        }
    }
    /// Brings the frame of a suspended generator (its object on top of the stack) back and lets it run, with `send` as
    /// the value of its `yield`.
    pub(super) fn switch_in(&mut self, it: Value, send: Value, act: u32) -> R<()> {
        let base = self.heap().base_ptr();
        let f = self.fiber_ptr();
        // SAFETY: `it` is a suspended generator: its cell holds a verified code, an instruction pointer into it, and as
        // many frame words as its state says. Room for the frame and the record is checked before anything is written.
        unsafe {
            let g = base.add((it.bits() >> 1) as usize + 1);
            let c = *g.add(g::CODE);
            let n = (*g.add(g::STATE) >> 1) as usize - 1;
            let need = (*base.add((c >> 1) as usize + 1 + code::W_STATE) & 0xffff) as usize;
            let (fp, rec) = ((*f).sp, (*f).records.wrapping_sub(1));
            if fp as usize + (need.max(n) + 1) * 4 > rec as usize {
                return Err(self.raise_deep());
            }
            copy_few(g.add(g::FRAME), fp, n);
            rec.write(Record { ip: (*f).ip, fp: (*f).fp, code: (*f).code, action: act });
            (*f).records = rec;
            (*f).fp = fp;
            (*f).code = c;
            (*f).ip = g.add(g::IP).cast::<*const u8>().read_unaligned();
            let sp = fp.add(n);
            *sp = send.bits();
            (*f).sp = sp.add(1);
            *g.add(g::STATE) = Value::small(g::RUNNING).bits();
        }
        Ok(())
    }
    /// Continues a generator in the common case: it has started, waits for no other and has nothing to raise, and no
    /// collection marks. The generator is pushed and its frame runs; false, with nothing done, where `resume` must look.
    #[inline]
    pub(super) fn resume_plain(&mut self, it: Value, act: u32) -> bool {
        if self.heap().is_marking() {
            return false;
        }
        let base = self.heap().base_ptr();
        let f = self.fiber_ptr();
        // SAFETY: as `switch_in`.
        unsafe {
            let g = base.add((it.bits() >> 1) as usize + 1);
            let state = *g.add(g::STATE);
            if (state as i32) <= 1 || *g.add(g::PENDING) | *g.add(g::DELEGATE) != 0 {
                return false;
            }
            let c = *g.add(g::CODE);
            let need = (*base.add((c >> 1) as usize + 1 + code::W_STATE) & 0xffff) as usize;
            let (fp, rec) = ((*f).sp.add(1), (*f).records.wrapping_sub(1));
            if fp as usize + (need + 1) * 4 > rec as usize {
                return false;
            }
            *fp.sub(1) = it.bits();
            rec.write(Record { ip: (*f).ip, fp: (*f).fp, code: (*f).code, action: act });
            (*f).records = rec;
            (*f).fp = fp;
            (*f).code = c;
            (*f).ip = g.add(g::IP).cast::<*const u8>().read_unaligned();
            let sp = copy_few(g.add(g::FRAME), fp, (state >> 1) as usize - 1);
            *sp = Value::NONE.bits();
            (*f).sp = sp.add(1);
            *g.add(g::STATE) = Value::small(g::RUNNING).bits();
        }
        true
    }
    /// Puts the running generator's frame back into its cell; the fiber is then in the frame that resumed it, with the
    /// generator on top of the stack. Gives the action.
    ///
    /// No write barrier: the cell was scanned when the frame was brought in, or that was before the collection began;
    /// what it holds now is out of date.
    pub(super) fn switch_out(&mut self) -> u32 {
        let it = self.callee();
        if !self.heap().is(it, Kind::Generator) {
            return action::EXIT;
        }
        let room = self.heap().words(it) - g::FRAME;
        let base = self.heap().base_ptr();
        let f = self.fiber_ptr();
        // SAFETY: the running frame's words lie between `fp` and `sp`; they fit, because the cell was made for the frame.
        unsafe {
            let g = base.add((it.bits() >> 1) as usize + 1);
            let n = ((*f).sp.offset_from((*f).fp) as usize).min(room);
            copy_few((*f).fp, g.add(g::FRAME), n);
            g.add(g::IP).cast::<*const u8>().write_unaligned((*f).ip);
            *g.add(g::STATE) = Value::small(n as i32 + 1).bits();
        }
        self.pop_record()
    }

    /// Whether a Python frame is running in this fiber.
    pub(super) fn has_frame(&self) -> bool {
        self.fiber().code != 0
    }
    /// The running frame's code.
    pub(super) fn code(&self) -> Option<Value> {
        Value::from_bits(self.fiber().code)
    }
    /// Index of the running frame's first local.
    pub(super) fn frame_base(&self) -> u32 {
        let f = self.fiber();
        ((f.fp as usize - f.base as usize) / 4) as u32
    }
    /// The callee's slot of the running frame: function, generator, or dict of locals.
    pub(super) fn callee(&self) -> Value {
        Value::from_bits(self.word_at(self.frame_base().wrapping_sub(1))).unwrap_or(Value::NONE)
    }
    /// The offset in the running code of the instruction that runs.
    pub(super) fn code_offset(&self) -> usize {
        match self.code() {
            Some(c) => (self.fiber().ip as usize).wrapping_sub(code::first_address(self.heap(), c)),
            None => 0,
        }
    }
    /// Continues the running frame at an offset of its code.
    pub(super) fn jump_to(&mut self, offset: usize) {
        if let Some(c) = self.code() {
            let first = code::first_pointer(self.heap(), c);
            self.fiber_mut().ip = first.wrapping_add(offset).wrapping_sub(1);
        }
    }
    /// Moves the instruction pointer by a few bytes.
    pub(super) fn skip(&mut self, by: isize) {
        let f = self.fiber_mut();
        f.ip = f.ip.wrapping_offset(by);
    }
    /// The byte `i` after the last consumed one. `i` must stay inside the running instruction's operands.
    pub(super) fn peek_code(&self, i: usize) -> u8 {
        // SAFETY: verified code: an instruction's operands follow it.
        if self.has_frame() { unsafe { *self.fiber().ip.add(i) } } else { 0 }
    }

    /// Enters `code` with its `n` arguments on top of the stack, the callee's slot below them.
    pub(super) fn enter_frame(&mut self, c: Value, n: u32, action: u32) -> R<()> {
        let cp = self.heap().payload_ptr(c).cast_const();
        let (f, n) = (self.fiber_ptr(), n as usize);
        // SAFETY: `c` is verified code, and its arguments lie on the stack.
        unsafe {
            if !has_room(f, cp, (*f).sp.sub(n)) {
                return Err(self.raise_deep());
            }
            open_frame(f, (*f).sp, c.bits(), cp, n, action);
        }
        Ok(())
    }
    /// Enters the Python function below the `n` values on top of the stack; false, with nothing done, where the call needs
    /// more than a frame: another callee, arguments to be arranged, cells, something pending.
    pub(super) fn enter_plain(&mut self, n: u32, action: u32) -> bool {
        if self.heap().pending() != 0 || self.depth() <= n {
            return false;
        }
        let (base, f, n) = (self.heap().base_ptr(), self.fiber_ptr(), n as usize);
        // SAFETY: more than `n` words lie on the stack, and they are values.
        unsafe {
            let sp = (*f).sp;
            match plain_code(base, *sp.sub(n + 1), n) {
                Some((c, cp)) if has_room(f, cp, sp.sub(n)) => {
                    open_frame(f, sp, c, cp, n, action);
                    true
                }
                _ => false,
            }
        }
    }
    /// Calls a Python function that takes just `n` values, which `values` gives. `None`, with nothing done, where that call
    /// is not so simple (as `enter_plain`), or where natives would have too little stack.
    #[inline(always)]
    pub fn call_plain<E>(
        &mut self,
        callee: Value,
        n: usize,
        values: impl Fn(usize) -> Result<Value, E>,
    ) -> Result<Option<R>, E> {
        if cfg!(feature = "tiny") || self.heap().pending() != 0 {
            return Ok(None);
        }
        let (base, f) = (self.heap().base_ptr(), self.fiber_ptr());
        // SAFETY: `has_room` has found place for the callee's slot, the arguments and the rest of the frame; what lies above
        // the stack's end is nobody's until `open_frame` moves that.
        unsafe {
            let Some((c, cp)) = plain_code(base, callee.bits(), n) else { return Ok(None) };
            let slot = (*f).sp;
            let fp = slot.wrapping_add(1);
            if !has_room(f, cp, fp) || self.port().stack_left() < NATIVE_STACK_NEEDED {
                return Ok(None);
            }
            slot.write(callee.bits());
            for i in 0..n {
                fp.add(i).write(values(i)?.bits());
            }
            open_frame(f, fp.add(n), c, cp, n, action::EXIT);
            let r = self.run();
            (*f).sp = slot;
            Ok(Some(r))
        }
    }
    /// The newest record's action; `EXIT` when there is none.
    pub(super) fn record_action(&self) -> u32 {
        let f = self.fiber();
        if f.records >= f.top {
            return action::EXIT;
        }
        // SAFETY: records lie between `records` and `top`.
        unsafe { (*f.records).action & !UNSCANNED }
    }
    /// Pops the newest record: the stack ends below the frame's locals, on its callee's slot; the caller's registers are back.
    pub(super) fn pop_record(&mut self) -> u32 {
        self.pop_record_here()
    }
    /// The same where it is worth a copy of its own.
    #[inline(always)]
    pub(super) fn pop_record_here(&mut self) -> u32 {
        let f = self.fiber_mut();
        if f.records >= f.top {
            return action::EXIT;
        }
        // SAFETY: records lie between `records` and `top`.
        let r = unsafe { *f.records };
        f.records = f.records.wrapping_add(1);
        f.sp = f.fp;
        f.ip = r.ip;
        f.fp = r.fp;
        f.code = r.code;
        if r.action & UNSCANNED != 0 {
            self.scan_returned();
        }
        r.action & !UNSCANNED
    }
    /// Marks the frames that called the running one as not scanned by the collection that starts now.
    pub(super) fn mark_unscanned(&mut self) {
        let f = self.fiber_mut();
        // The callee's slot belongs to the running frame.
        f.span.todo = (((f.fp as usize - f.base as usize) / 4) as u32).saturating_sub(1);
        if f.records < f.top {
            // SAFETY: records lie between `records` and `top`.
            unsafe { (*f.records).action |= UNSCANNED }
        }
    }
    /// The record after the newest one now carries the mark (called as a frame that carried it is left).
    pub(super) fn pass_unscanned(&mut self) {
        let f = self.fiber_mut();
        if f.records < f.top {
            // SAFETY: records lie between `records` and `top`.
            unsafe { (*f.records).action |= UNSCANNED }
        }
    }
}
