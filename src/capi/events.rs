//! Posts and interrupts, limits, and the state of the memory.

use super::inst::{self, Inst, Stay};
use super::refs::{self, Ref};
use super::status::{self, Status};
use super::visit::Visit;
use crate::heap::{R, Value};
use crate::object::int;
use crate::port::{FOREVER, Region, Wake};
use crate::vm::Vm;
use crate::vm::posts::Post;
use crate::vm::state::closing;
use core::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use cty::c_void;

/// Legal from any task and any interrupt: touches atomics and wake objects only.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_interrupt(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    let inst = match unsafe { Inst::open(vm) } {
        Ok(inst) => inst,
        Err(code) => return code,
    };
    inst.remote().interrupt().into()
}

/// Kinds of posts (`vm::posts`) and what their two words are.
mod kind {
    use crate::vm::posts::kind::FOREIGN;
    /// A kept reference to a callable, and a number.
    pub const CALL: usize = FOREIGN;
    /// A kept reference to an exception.
    pub const RAISE: usize = FOREIGN + 1;
    /// A function of C and its argument.
    pub const JOB: usize = FOREIGN + 2;
    /// A `Call` whose poster waits.
    pub const AWAITED: usize = FOREIGN + 3;
}

/// `int (*)(pyr_vm *vm, void *arg)`
type JobFn = unsafe extern "C" fn(*mut Inst, *mut c_void) -> Status;

/// What `pyr_call_posted` waits for, on its stack.
struct Call {
    job: JobFn,
    arg: *mut c_void,
    result: AtomicI32,
    done: AtomicBool,
    wake: Wake,
}

impl Call {
    /// Tells the poster, who may be gone with this record as soon as it sees `done`.
    fn answer(&self, result: Status) {
        let wake = self.wake;
        self.result.store(result, Ordering::Relaxed);
        self.done.store(true, Ordering::Release);
        wake.set();
    }
}

/// Serves a post, at a safepoint; after the VM was closed, refuses all posts.
fn deliver(vm: &mut Vm, post: Post) -> R<()> {
    let [what, first, second] = post;
    // SAFETY: `pyr_open` put it there; the VM is open as long as something runs in it.
    let Some(inst) = (unsafe { (vm.state().inst as *const Inst).as_ref() }) else { return Ok(()) };
    if !inst.is_open() {
        while let Some([what, first, _]) = vm.take_post() {
            if what == kind::AWAITED {
                // SAFETY: the poster waits for what is done here, so its record is in place.
                unsafe { &*(first as *const Call) }.answer(status::VM);
            }
        }
        return Ok(());
    }
    match what {
        kind::CALL => {
            let Ok(f) = refs::take_posted(inst, first) else {
                // Dropped since: nobody wants to hear of it.
                return Ok(());
            };
            let n = i64::from(second as u32 as i32);
            if let Some(small) = Value::try_small(n)
                && let Ok(Some(r)) = vm.call_plain(f, 1, |_| Ok::<_, ()>(small))
            {
                return r.map(|_| ());
            }
            vm.push(f)?;
            let n = vm.with_heap(|h| int::from_i64(h, n))?;
            vm.push(n)?;
            vm.call(f, &[n]).map(|_| ())
        }
        kind::RAISE => match refs::take_posted(inst, first) {
            Ok(e) => {
                vm.interrupt_with(e);
                Ok(())
            }
            Err(_) => Ok(()),
        },
        kind::JOB => {
            // SAFETY: `pyr_post_job` put a function there.
            let job = unsafe { core::mem::transmute::<usize, JobFn>(first) };
            run_job(inst, vm, job, second as *mut c_void);
            Ok(())
        }
        _ => {
            // SAFETY: the poster waits for what is done here, so its record is in place.
            let call = unsafe { &*(first as *const Call) };
            call.answer(run_job(inst, vm, call.job, call.arg));
            Ok(())
        }
    }
}

/// Calls a function of C as if the task that has the VM had called it.
fn run_job(inst: &Inst, vm: &mut Vm, job: JobFn, arg: *mut c_void) -> Status {
    let before = vm.depth();
    let mut stay = Stay::new(core::ptr::null_mut(), 0);
    let Some(mut visit) = Visit::begin(vm, inst, &mut stay) else { return status::MEMORY };
    // SAFETY: whoever posted it vouches for it.
    let result = unsafe { job(visit.vm(), arg) };
    let tidy = visit.end(vm);
    // What it raised and did not look at is no business of the program that it came upon.
    refs::forget_exception(visit.task, vm);
    vm.drop_to(crate::vm::Slot(before));
    if tidy { result } else { status::NESTING }
}

/// Says who serves such posts: whoever may post something that has to be delivered has come by here.
pub fn serve_posts(inst: &Inst) {
    inst.remote().deliver_by(deliver);
}

fn post(inst: &Inst, record: Post) -> Status {
    serve_posts(inst);
    posted(inst.remote().post(record))
}

#[inline(always)]
fn posted(done: bool) -> Status {
    if done { status::OK } else { status::MEMORY }
}

/// Legal from any task and any interrupt.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_post(vm: *mut Inst, handler: Ref, value: i32) -> Status {
    // SAFETY: the caller's promise. A reference with the tag of what lies there shows that it is an open VM.
    match unsafe { vm.as_ref() } {
        // The reference is a kept one, and who kept it has said who serves it.
        Some(inst) if (handler.bits >> 32) as u32 == inst.tag() => {
            let record = [kind::CALL, handler.bits as u32 as usize, value as u32 as usize];
            let remote = inst.remote();
            posted(if cfg!(feature = "tiny") { remote.post(record) } else { remote.post_here(record) })
        }
        // SAFETY: as above.
        _ => unsafe { Inst::open(vm) }.err().unwrap_or(status::REF),
    }
}

/// Legal from any task and any interrupt.
///
/// # Safety
/// As `Inst::open`; `job` is good for `arg` in the task that has the VM then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_post_job(vm: *mut Inst, job: Option<JobFn>, arg: *mut c_void) -> Status {
    let Some(job) = job else { return status::NULL };
    // SAFETY: the caller's promise.
    match unsafe { Inst::open(vm) } {
        Ok(inst) => post(inst, [kind::JOB, job as usize, arg as usize]),
        Err(code) => code,
    }
}

/// Legal from any task and any interrupt.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_interrupt_with(vm: *mut Inst, exception: Ref) -> Status {
    // SAFETY: the caller's promise.
    match unsafe { Inst::open(vm) } {
        Ok(inst) if (exception.bits >> 32) as u32 == inst.tag() => {
            post(inst, [kind::RAISE, exception.bits as u32 as usize, 0])
        }
        Ok(_) => status::REF,
        Err(code) => code,
    }
}

/// Legal from any task and any interrupt.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_kill(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::open(vm) }.map(|inst| inst.remote().end(closing::ALL)))
}

/// Legal from any task and any interrupt.
///
/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_posts_lost(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    match unsafe { Inst::open(vm) } {
        Ok(inst) => (inst.remote().posts().lost() & i32::MAX as u32) as Status,
        Err(code) => code,
    }
}

/// # Safety
/// As `Inst::open`; `job` is good for `arg` in the task that has the VM then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_call_posted(
    vm: *mut Inst,
    job: Option<JobFn>,
    arg: *mut c_void,
    timeout_ms: u32,
) -> Status {
    let Some(job) = job else { return status::NULL };
    // SAFETY: the caller's promise.
    let result = unsafe { Inst::open(vm) }.and_then(|inst| call_posted(inst, job, arg, timeout_ms));
    result.unwrap_or_else(|code| code)
}

fn call_posted(inst: &Inst, job: JobFn, arg: *mut c_void, timeout_ms: u32) -> Result<Status, Status> {
    let me = inst.port.task_self().ok_or(status::INTERRUPT)?.get();
    // One that is between `pyr_unlock` and `pyr_lock` is inside too.
    if inst.current(me).is_some() || inst.tasks().any(|task| task.id.load(Ordering::Relaxed) == me) {
        return Err(status::NESTING);
    }
    let mut room = [0u64; 24];
    let place = core::ptr::NonNull::from(&mut room).cast();
    // SAFETY: the room outlives the wake object, which is ended below.
    let mut region = unsafe { Region::new(place, size_of_val(&room)) };
    let wake = Wake::new(inst.port, &mut region).ok_or(status::MEMORY)?;
    let result = AtomicI32::new(status::TIMEOUT);
    let call = Call { job, arg, result, done: AtomicBool::new(false), wake };
    let record = [kind::AWAITED, core::ptr::from_ref(&call).addr(), 0];
    inst.count_waiting(1);
    let mut code = post(inst, record);
    if code == status::OK {
        let mut left = if timeout_ms == u32::MAX { FOREVER } else { u64::from(timeout_ms) * 1000 };
        let end = inst.port.clock_us().saturating_add(left);
        code = loop {
            if wake.wait(left) {
                if call.done.load(Ordering::Acquire) {
                    break call.result.load(Ordering::Relaxed);
                }
                left = if left == FOREVER { FOREVER } else { end.saturating_sub(inst.port.clock_us()) };
            } else if inst.remote().take_back(record) {
                break status::TIMEOUT;
            } else {
                // It has begun: what it works on is on the caller's side, so its end is waited for.
                left = FOREVER;
            }
        };
    }
    wake.end();
    inst.count_waiting(-1);
    Ok(code)
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_serve(vm: *mut Inst, timeout_ms: u32) -> Status {
    let us = if timeout_ms == u32::MAX { FOREVER } else { u64::from(timeout_ms) * 1000 };
    // SAFETY: the caller's promise.
    unsafe { inst::number(vm, &mut |_, vm| Ok(vm.sleep_us(us).map(|()| Value::NONE))) }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_set_limits(vm: *mut Inst, ticks: u32, ms: u32) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.map(|(_, task)| {
        task.ticks.set(ticks);
        task.ms.set(ms);
    }))
}

/// `struct pyr_memory`.
#[repr(C)]
pub struct Memory {
    abi_size: u32,
    heap: u32,
    used: u32,
    free: u32,
    collections: u32,
    longest_step: u32,
}

#[cfg(test)]
impl Memory {
    pub fn empty() -> Memory {
        Memory {
            abi_size: size_of::<Memory>() as u32,
            heap: 0,
            used: 0,
            free: 0,
            collections: 0,
            longest_step: 0,
        }
    }
}

/// # Safety
/// As `Inst::open`; `out` is NULL or a `struct pyr_memory` with its size filled in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_memory(vm: *mut Inst, out: *mut Memory) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        // SAFETY: checked for NULL.
        let out = unsafe { &mut *out };
        if out.abi_size as usize != size_of::<Memory>() {
            return Err(status::ABI);
        }
        let vm = inst.vm(task);
        let (heap, counts) = (vm.heap(), vm.heap().counts());
        out.free = heap.free_bytes() as u32;
        // What the heap is managed with is of no use to anybody else.
        out.used = (heap.used_bytes() + size_of_val(heap)) as u32;
        out.heap = out.free + out.used;
        out.collections = counts.cycles;
        out.longest_step = counts.max_step_work;
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_gc_step(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    let result = unsafe { Inst::inside(vm) }.map(|(inst, task)| {
        let mut vm = inst.vm(task);
        let heap = vm.heap_mut();
        (!heap.is_idle() && !heap.collect_step()).into()
    });
    result.unwrap_or_else(|code| code)
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_collect(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |_, vm| {
            Ok(vm.collect_in_turns().and_then(|()| vm.tick(0)).map(|()| Value::NONE))
        })
    }
}
