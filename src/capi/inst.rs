//! What lies behind C's `pyr_vm *`: the tasks inside, and the checks that every call begins with.
//!
//! Invariants
//! - an `Inst` is only used through `&Inst`; what changes is a cell or an atomic, so a task and an interrupt may hold one
//!   at the same time. Cells belong to the task that `State::owner` names; interrupts touch atomics alone;
//! - `State::owner` is the task that holds the VM lock and is inside, 0 while nobody is (or the holder waits, or is between
//!   `pyr_unlock` and `pyr_lock`), so equality with the caller's own identity proves the lock is held;
//! - a `Task` in use (`id` not 0) is linked in the VM's list of fibers.

use super::refs::Ref;
use super::status::{self, Status};
use crate::heap::{R, Raised, Value};
use crate::port::{Critical, Port};
pub use crate::vm::fiber::Task;
use crate::vm::state::State;
use crate::vm::{Remote, Vm};
use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU32, Ordering};

/// `Inst::magic` of an open VM.
const MAGIC: u32 = 0x5079_7256;
/// `Inst::tag` of a closed one: those of open ones are odd, and a reference that was never given out may be all zeros.
const CLOSED: u32 = 2;

/// `struct pyr_vm`.
pub struct Inst {
    magic: AtomicU32,
    /// Tells this VM's references from another's, and from those of one that lay here before. `CLOSED`, which no reference
    /// has, once the VM is closed.
    tag: AtomicU32,
    pub port: Port,
    pub state: NonNull<State>,
    /// The tasks of C; those of Python threads are not among them.
    tasks: NonNull<NonNull<Task>>,
    task_count: u16,
    pub ref_count: u16,
    pub refs: NonNull<super::refs::Side>,
    /// What they stand for: the words of `Root::References`.
    pub objects: Cell<*mut u32>,
    pub free_from: Cell<u16>,
    /// Python threads between `pyr_unlock` and `pyr_lock`.
    threads_outside: AtomicU32,
    /// Tasks that wait to come in, or for a call that they have posted: `pyr_close` lets them go first.
    waiting: AtomicU32,
    /// What the firmware adds: an array of modules, and its length.
    #[cfg(feature = "natives")]
    pub modules: Cell<(*const *const super::natives::Module, usize)>,
}

/// `struct pyr_entry`: the caller's storage.
#[repr(C)]
pub struct Stay {
    pub outer: *mut Stay,
    /// The frame that `pyr_enter` opened.
    pub depth: u16,
    spare: [usize; 6],
}

const _: () = assert!(size_of::<Stay>() == size_of::<[usize; 8]>());

impl Stay {
    pub fn new(outer: *mut Stay, depth: u16) -> Stay {
        Stay { outer, depth, spare: [0; 6] }
    }
}

impl Inst {
    /// A VM that is open, with nobody inside.
    pub fn new(
        port: Port,
        state: NonNull<State>,
        tasks: NonNull<NonNull<Task>>,
        task_count: u16,
        refs: NonNull<super::refs::Side>,
        ref_count: u16,
    ) -> Inst {
        // The clock makes references of a VM that lay in the same memory before stale.
        let tag = (state.as_ptr().addr() as u32 ^ (port.clock_us() as u32).rotate_left(12)) | 1;
        Inst {
            magic: AtomicU32::new(MAGIC),
            tag: AtomicU32::new(tag),
            port,
            state,
            tasks,
            task_count,
            ref_count,
            refs,
            objects: Cell::new(core::ptr::null_mut()),
            free_from: Cell::new(0),
            threads_outside: AtomicU32::new(0),
            waiting: AtomicU32::new(0),
            #[cfg(feature = "natives")]
            modules: Cell::new((core::ptr::null(), 0)),
        }
    }

    /// The open VM that C means.
    ///
    /// # Safety
    /// `vm` is NULL or what `pyr_open` gave; its memory is still there.
    #[inline]
    pub unsafe fn open<'a>(vm: *const Inst) -> Result<&'a Inst, Status> {
        // SAFETY: the caller's promise.
        let inst = unsafe { vm.as_ref() }.ok_or(status::NULL)?;
        if inst.is_open() { Ok(inst) } else { Err(status::VM) }
    }

    #[inline]
    pub fn is_open(&self) -> bool {
        self.magic.load(Ordering::Acquire) == MAGIC
    }

    #[inline(always)]
    pub fn tag(&self) -> u32 {
        self.tag.load(Ordering::Relaxed)
    }

    /// From now on every call is refused.
    pub fn shut(&self) {
        self.tag.store(CLOSED, Ordering::Relaxed);
        self.magic.store(0, Ordering::Release);
    }

    /// The open VM that C means, and the calling task, which is inside.
    ///
    /// # Safety
    /// As `open`.
    #[inline(always)]
    pub unsafe fn inside<'a>(vm: *const Inst) -> Result<(&'a Inst, &'a Task), Status> {
        // SAFETY: the caller's promise; where there is a task, `vm` is an open VM.
        unsafe {
            match Inst::caller(vm) {
                (Some(task), _) => Ok((NonNull::new_unchecked(vm.cast_mut()).as_ref(), task)),
                (None, code) => Err(code),
            }
        }
    }

    /// The calling task, which is inside; or why it is not. A pair, so that it comes in registers: every function begins
    /// with this.
    ///
    /// # Safety
    /// As `open`.
    #[inline(never)]
    unsafe fn caller<'a>(vm: *const Inst) -> (Option<&'a Task>, Status) {
        // SAFETY: the caller's promise.
        let inst = match unsafe { Inst::open(vm) } {
            Ok(inst) => inst,
            Err(code) => return (None, code),
        };
        match inst.port.task_self() {
            Some(me) => (inst.current(me.get()), status::TASK),
            None => (None, status::INTERRUPT),
        }
    }

    /// The task with this identity, if it has the VM now.
    #[inline]
    pub fn current(&self, me: usize) -> Option<&Task> {
        let state = self.state();
        // SAFETY: the state lives as long as the VM; `owner` is an atomic, and `current` belongs to the task that it names.
        // That task's record stays while it is attached.
        unsafe {
            if (*state).owner.load(Ordering::Acquire) != me {
                return None;
            }
            (*state).current.get().map(|task| task.as_ref())
        }
    }

    pub fn all_tasks(&self) -> &[NonNull<Task>] {
        // SAFETY: `pyr_open` made so many.
        unsafe { core::slice::from_raw_parts(self.tasks.as_ptr(), self.task_count.into()) }
    }
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        // SAFETY: each is good as long as the VM.
        self.all_tasks().iter().map(|task| unsafe { task.as_ref() })
    }

    /// The attached task with this identity. The caller holds the lock.
    pub fn attached(&self, me: usize) -> Option<&Task> {
        // SAFETY: the caller holds the lock, so the list of fibers stands still; a fiber's task lies beside it.
        unsafe {
            let mut at = (*self.state()).fibers.as_ref().copied();
            while let Some(fiber) = at {
                let task = (*fiber.as_ptr()).task.as_ref();
                if task.id.load(Ordering::Relaxed) == me {
                    return Some(task);
                }
                at = (*fiber.as_ptr()).next;
            }
        }
        None
    }

    /// Whether the task with this identity may stand between `pyr_unlock` and `pyr_lock`; read without the lock. Of Python
    /// threads, whose records come and go, only their number is known.
    pub fn may_be_outside(&self, me: usize) -> bool {
        match self.tasks().find(|task| task.id.load(Ordering::Relaxed) == me) {
            Some(task) => task.outside.get(),
            None => self.threads_outside.load(Ordering::Relaxed) > 0,
        }
    }
    /// A task leaves by `pyr_unlock`, or comes back. The caller holds the lock, so no two change the number at a time.
    pub fn count_outside(&self, task: &Task, by: i32) {
        if !self.tasks().any(|own| core::ptr::eq(own, task)) {
            let now = self.threads_outside.load(Ordering::Relaxed).wrapping_add_signed(by);
            self.threads_outside.store(now, Ordering::Relaxed);
        }
    }

    /// A task begins to wait (1), or has ceased to (-1) and looks at nothing of the VM's any more.
    pub fn count_waiting(&self, by: i32) {
        let _section = Critical::enter(self.port);
        let now = self.waiting.load(Ordering::Relaxed).wrapping_add_signed(by);
        self.waiting.store(now, Ordering::Release);
    }
    pub fn is_waited_for(&self) -> bool {
        self.waiting.load(Ordering::Acquire) != 0
    }

    /// The way to the VM that needs no lock.
    pub fn remote(&self) -> Remote {
        // SAFETY: the state is in place as long as the VM is open.
        unsafe { Remote::new(self.state) }
    }

    pub fn state(&self) -> *mut State {
        self.state.as_ptr()
    }

    /// The handle of a task that is inside. One exists at a time: C functions do not overlap in one task.
    pub fn vm(&self, task: &Task) -> Vm {
        // SAFETY: both live as long as the VM, and `inside` has found that this task holds the lock.
        unsafe { Vm::from_raw(self.state, task.fiber) }
    }
}

/// What a C function does inside the VM. The outer result is a refusal, the inner one Python's.
pub type Job<'a> = &'a mut dyn FnMut(&Inst, &mut Vm) -> Result<R, Status>;

/// Runs a job on behalf of the calling task: within its limits, and an exception becomes `status::EXCEPTION` and is kept.
///
/// # Safety
/// As `Inst::open`.
pub unsafe fn python<'a>(vm: *const Inst, job: Job) -> Result<(&'a Inst, &'a Task, Value), Status> {
    // SAFETY: the caller's promise.
    unsafe { python_inline(vm, job) }
}

/// The same where it is worth a copy of its own.
///
/// # Safety
/// As `Inst::open`.
#[inline(always)]
pub unsafe fn python_inline<'a>(
    vm: *const Inst,
    mut job: impl FnMut(&Inst, &mut Vm) -> Result<R, Status>,
) -> Result<(&'a Inst, &'a Task, Value), Status> {
    // SAFETY: the caller's promise.
    let (inst, task) = unsafe { Inst::inside(vm) }?;
    let mut handle = inst.vm(task);
    let depth = handle.depth();
    let outer = task.nested.get();
    task.nested.set(outer + 1);
    super::refs::forget_exception(task, &mut handle);
    let limited = task.is_limited();
    if limited {
        begin(inst, task, &mut handle);
    }
    let result = job(inst, &mut handle);
    if let Ok(Err(Raised)) = result {
        let exception = handle.take_raised();
        super::refs::set_exception(task, &mut handle, Some(exception));
    }
    task.nested.set(outer);
    if limited {
        end(task, &mut handle);
    }
    handle.drop_to(crate::vm::Slot(depth));
    match result? {
        Ok(value) => Ok((inst, task, value)),
        Err(Raised) => Err(status::EXCEPTION),
    }
}

/// Runs a job whose value becomes a reference in `*out`.
///
/// # Safety
/// As `Inst::open`; `out` is NULL (refused) or valid for a write.
pub unsafe fn reference(vm: *const Inst, out: *mut Ref, job: Job) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    unsafe { hand_out(python(vm, job), out) }
}

/// The same where the function is only called for the reference: `out` must be there.
///
/// # Safety
/// As `reference`.
pub unsafe fn made(vm: *const Inst, out: *mut Ref, job: Job) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    unsafe { reference(vm, out, job) }
}

/// Makes a reference to a result in `*out`; without `out` it is dropped.
///
/// # Safety
/// `out` is NULL or valid for a write.
#[inline]
pub unsafe fn hand_out(result: Result<(&Inst, &Task, Value), Status>, out: *mut Ref) -> Status {
    match result {
        Ok((inst, task, value)) if !out.is_null() => match super::refs::give(inst, task, value) {
            Ok(made) => {
                // SAFETY: checked for NULL; the caller's promise otherwise.
                unsafe { *out = made };
                status::OK
            }
            Err(code) => code,
        },
        Ok(_) => status::OK,
        Err(code) => code,
    }
}

/// Runs a job whose value is a small number: the result of the C function.
///
/// # Safety
/// As `Inst::open`.
pub unsafe fn number(vm: *const Inst, job: Job) -> Status {
    // SAFETY: the caller's promise.
    match unsafe { python(vm, job) } {
        Ok((_, _, value)) => value.as_small().unwrap_or(status::OK),
        Err(code) => code,
    }
}

#[cold]
#[inline(never)]
fn begin(inst: &Inst, task: &Task, vm: &mut Vm) {
    let (ticks, ms) = (task.ticks.get(), task.ms.get());
    if task.nested.get() == 1 {
        let deadline = inst.port.clock_us().saturating_add(u64::from(ms) * 1000);
        vm.set_limits((ticks != 0).then_some(ticks), (ms != 0).then_some(deadline));
    }
}

#[cold]
#[inline(never)]
fn end(task: &Task, vm: &mut Vm) {
    if task.nested.get() == 0 {
        vm.set_limits(None, None);
    }
}

/// The status of a result without a value.
pub fn done(result: Result<(), Status>) -> Status {
    match result {
        Ok(()) => status::OK,
        Err(code) => code,
    }
}
