//! Opening and closing a VM, entering and leaving it.

use super::inst::{self, Inst, Stay, Task};
use super::refs::{self, MAX_DEPTH, MAX_TASKS, Ref, Side};
use super::status::{self, Status};
use crate::heap::{Heap, Kind, R, Raised, Value};
use crate::port::{BadPort, FOREVER, Mutex, Port, Region, pyr_port};
use crate::runtime::{self, Runtime};
use crate::vm::fiber::Away;
use crate::vm::state::Root;
use crate::vm::{Vm, posts};
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering;
use cty::c_void;

/// `struct pyr_config`.
#[repr(C)]
pub struct Config {
    abi_size: u32,
    fiber_bytes: u32,
    max_tasks: u16,
    refs: u16,
    events: u16,
    max_threads: u16,
    thread_stack: u32,
}

/// What `pyr_close` gives `sys.atexit`, and waits for threads to end.
const CLOSE_US: u64 = 5_000_000;

const FOREVER_MS: u32 = u32::MAX;

/// Room for a value stack unless the configuration says otherwise: an eighth of the memory.
fn default_fiber(len: usize) -> usize {
    (len / 8).clamp(768, 4096 * size_of::<usize>())
}

/// The port and configuration that C gives, once they are known to be of this header. From a task.
///
/// # Safety
/// `table` and `config` are NULL or what they claim to be; a configuration begins with its size.
pub unsafe fn given<'a, T>(
    table: *const pyr_port,
    config: *const T,
) -> Result<(Port, Option<&'a T>), Status> {
    // SAFETY: the caller's promise.
    let port = match unsafe { Port::new(table) } {
        Ok(port) => port,
        Err(BadPort::Null) => return Err(status::NULL),
        Err(_) => return Err(status::ABI),
    };
    if port.task_self().is_none() {
        return Err(status::INTERRUPT);
    }
    // SAFETY: the caller's promise; the size is looked at before anything else.
    match unsafe { config.cast::<u32>().as_ref() } {
        None => Ok((port, None)),
        // SAFETY: it is as large as it should be.
        Some(size) if *size as usize == size_of::<T>() => Ok((port, unsafe { config.as_ref() })),
        Some(_) => Err(status::ABI),
    }
}

/// # Safety
/// As `pyrite.h` says: `memory` is the VM's until it is closed; `table` and `config` are NULL or what they claim to be.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_open(
    memory: *mut c_void,
    len: usize,
    table: *const pyr_port,
    config: *const Config,
    out: *mut *mut Inst,
) -> Status {
    let Some(memory) = NonNull::new(memory.cast::<u8>()) else { return status::NULL };
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    let (port, config) = match unsafe { given(table, config) } {
        Ok(both) => both,
        Err(code) => return code,
    };
    // SAFETY: the caller gives the memory away.
    let region = unsafe { Region::new(memory, len) };
    match open(region, port, config) {
        Ok(inst) => {
            // SAFETY: checked for NULL; the caller's promise otherwise.
            unsafe { *out = inst.as_ptr() };
            status::OK
        }
        Err(code) => code,
    }
}

fn open(mut region: Region, port: Port, config: Option<&Config>) -> Result<NonNull<Inst>, Status> {
    let set = |value: Option<u32>, default: usize| match value {
        None | Some(0) => default,
        Some(value) => value as usize,
    };
    let fiber_bytes = set(config.map(|c| c.fiber_bytes), default_fiber(region.len()));
    let task_count = set(config.map(|c| c.max_tasks.into()), 2) as u16;
    let ref_count = set(config.map(|c| c.refs.into()), 16) as u16;
    if task_count == 0 || task_count > MAX_TASKS {
        return Err(status::RANGE);
    }
    let place = region.take(size_of::<Inst>(), align_of::<Inst>()).ok_or(status::MEMORY)?.cast::<Inst>();
    let tasks = take_many::<NonNull<Task>>(&mut region, task_count)?;
    let config = runtime::Config {
        fiber_bytes,
        events: config.map_or(0, |c| c.events.into()),
        max_threads: config.map_or(0, |c| c.max_threads),
        thread_stack: config.map_or(0, |c| c.thread_stack as usize),
    };
    let lock = Mutex::new(port, &mut region).ok_or(status::MEMORY)?;
    // The first task's stack comes with the VM, the others' before it.
    let mut laid = 1;
    while laid < task_count {
        let Some(fiber) = Vm::lay_fiber(&mut region, port, fiber_bytes, laid) else { break };
        // SAFETY: so many were taken; a fiber's task lies beside it.
        unsafe { tasks.add(laid.into()).write(fiber.as_ref().task) };
        laid += 1;
    }
    let opened = match laid == task_count {
        true => open_runtime(region, port, &config, ref_count),
        false => None,
    };
    let Some((mut opened, table, sides)) = opened else {
        // SAFETY: these were written above.
        end_wakes(unsafe { core::slice::from_raw_parts(tasks.as_ptr().add(1), usize::from(laid) - 1) });
        lock.end();
        return Err(status::MEMORY);
    };
    let vm = opened.vm();
    let (state, fiber) = vm.raw();
    // SAFETY: both were taken above, aligned and ours; every task is written now.
    let inst = unsafe {
        tasks.write(fiber.as_ref().task);
        place.write(Inst::new(port, state, tasks, task_count, sides, ref_count));
        place.as_ref()
    };
    vm.set_root(Root::References, Some(table));
    inst.objects.set(vm.heap().payload_ptr(table));
    vm.detach();
    vm.task().id.store(0, Ordering::Relaxed);
    let state = vm.state_mut();
    state.lock = Some(lock);
    state.owner.store(0, Ordering::Release);
    state.current.set(None);
    state.c_tasks = task_count;
    state.inst = place.as_ptr().addr();
    Ok(place)
}

/// Gives the port the wake objects of tasks back, which nobody uses any more.
#[inline(never)]
fn end_wakes(tasks: &[NonNull<Task>]) {
    for task in tasks {
        // SAFETY: a task and its fiber lie beside each other, in the VM's memory.
        if let Some(wake) = unsafe { (*task.as_ref().fiber.as_ptr()).wake } {
            wake.end();
        }
    }
}

/// The VM, and the tables of what C refers to.
fn open_runtime(
    region: Region,
    port: Port,
    config: &runtime::Config,
    ref_count: u16,
) -> Option<(Runtime, Value, NonNull<Side>)> {
    let mut opened = Runtime::open_locked(region, port, config).ok()?;
    match tables(opened.vm().heap_mut(), ref_count) {
        Ok((table, sides)) => Some((opened, table, sides)),
        Err(Raised) => {
            opened.vm().end_wakes();
            None
        }
    }
}

/// An array with a word for each reference, and what is known of each, which its last word keeps alive.
fn tables(heap: &mut Heap, ref_count: u16) -> R<(Value, NonNull<Side>)> {
    let count = usize::from(ref_count);
    let table = heap.alloc(Kind::Array, count + 1)?;
    let (cell, sides) = heap.alloc_block(count * size_of::<Side>())?;
    heap.set_field(table, count, cell);
    let sides = sides.cast();
    for index in 0..count {
        // SAFETY: there is room for so many.
        unsafe { sides.add(index).write(Side::new()) };
    }
    Ok((table, sides))
}

fn take_many<T>(region: &mut Region, count: u16) -> Result<NonNull<T>, Status> {
    let bytes = size_of::<T>() * usize::from(count);
    region.take(bytes, align_of::<T>()).map(|place| place.cast()).ok_or(status::MEMORY)
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_close(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::open(vm) }.and_then(close))
}

fn close(inst: &Inst) -> Result<(), Status> {
    let me = inst.port.task_self().ok_or(status::INTERRUPT)?.get();
    if inst.tasks().any(|task| task.id.load(Ordering::Relaxed) != 0) {
        return Err(status::NESTING);
    }
    let first = inst.tasks().next().ok_or(status::VM)?;
    lock(inst, CLOSE_US).map_err(|code| if code == status::TIMEOUT { status::NESTING } else { code })?;
    if inst.tasks().any(|task| task.id.load(Ordering::Relaxed) != 0) {
        inst.remote().unlock();
        return Err(status::NESTING);
    }
    come_in(inst, first, me);
    let mut vm = inst.vm(first);
    #[cfg(feature = "basic")]
    vm.run_at_exit(CLOSE_US);
    #[cfg(feature = "thread")]
    if vm.end_threads(CLOSE_US) != 0 {
        go_out(first, &mut vm);
        return Err(status::TIMEOUT);
    }
    // While Python ran or threads were waited for, another task may have come in.
    #[cfg(any(feature = "basic", feature = "thread"))]
    if inst.tasks().skip(1).any(|task| task.id.load(Ordering::Relaxed) != 0) {
        #[cfg(feature = "thread")]
        vm.spare_threads();
        go_out(first, &mut vm);
        return Err(status::NESTING);
    }
    vm.finalize_all();
    // Whoever is about to set one of the wake objects below has been interrupted in the midst of that.
    while !inst.tasks().all(|task| inst.vm(task).fiber().is_left_alone()) {
        vm.stand_aside();
    }
    inst.shut();
    inst.remote().unlock();
    // Those who wait to come in or for a call to be served hear of it, and go before the memory does.
    let wake = vm.fiber().wake;
    loop {
        // Refuses all that was posted.
        let _ = vm.deliver([posts::kind::NOTHING, 0, 0]);
        if !inst.is_waited_for() {
            break;
        }
        match wake {
            Some(wake) => drop(wake.wait(1_000)),
            None => inst.port.yield_now(),
        }
    }
    if let Some(lock) = vm.state_mut().lock.take() {
        lock.end();
    }
    vm.state().alarm.end();
    end_wakes(inst.all_tasks());
    Ok(())
}

/// # Safety
/// As `Inst::open`; `entry` is NULL or storage that stays until `pyr_leave`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_enter(vm: *mut Inst, entry: *mut Stay, timeout_ms: u32) -> Status {
    if entry.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::open(vm) }.and_then(|inst| enter(inst, entry, timeout_ms)))
}

fn enter(inst: &Inst, entry: *mut Stay, timeout_ms: u32) -> Result<(), Status> {
    let me = inst.port.task_self().ok_or(status::INTERRUPT)?.get();
    if let Some(task) = inst.current(me) {
        let mut stay = task.stay.get().cast::<Stay>();
        // SAFETY: entries belong to the VM until they are left, and lead to those outside of them.
        while let Some(used) = unsafe { stay.as_ref() } {
            if stay == entry {
                return Err(status::NESTING);
            }
            stay = used.outer;
        }
        return push_stay(task, entry);
    }
    lock(inst, if timeout_ms == FOREVER_MS { FOREVER } else { u64::from(timeout_ms) * 1000 })?;
    // A task that has left by pyr_unlock comes back by pyr_lock.
    let free = match inst.attached(me) {
        Some(_) => Err(status::NESTING),
        None => inst.tasks().find(|task| task.id.load(Ordering::Relaxed) == 0).ok_or(status::MEMORY),
    };
    let task = match free {
        Ok(task) => task,
        Err(code) => {
            inst.remote().unlock();
            return Err(code);
        }
    };
    come_in(inst, task, me);
    push_stay(task, entry)
}

/// The calling task, which holds the lock, is inside from now on.
fn come_in(inst: &Inst, task: &Task, me: usize) {
    task.id.store(me, Ordering::Relaxed);
    task.depth.set(0);
    task.stay.set(ptr::null_mut());
    task.ticks.set(0);
    task.ms.set(0);
    let mut vm = inst.vm(task);
    // What the task before left behind, such as a value that nobody has kept since, is not this one's.
    vm.fiber_mut().away = Away::NEW;
    vm.attach();
    vm.arrive();
}

/// It leaves, and gives the lock back.
fn go_out(task: &Task, vm: &mut Vm) {
    vm.detach();
    task.id.store(0, Ordering::Relaxed);
    vm.release();
}

fn push_stay(task: &Task, entry: *mut Stay) -> Result<(), Status> {
    let depth = task.depth.get() + 1;
    if depth > MAX_DEPTH {
        return Err(status::MEMORY);
    }
    task.depth.set(depth);
    // SAFETY: the caller's storage, checked for NULL.
    unsafe { entry.write(Stay::new(task.stay.get().cast(), depth)) };
    task.stay.set(entry.cast());
    Ok(())
}

/// Takes the VM's lock.
fn lock(inst: &Inst, timeout_us: u64) -> Result<(), Status> {
    if inst.remote().lock(0) {
        return Ok(());
    }
    inst.count_waiting(1);
    let mut result = Err(status::TIMEOUT);
    if inst.remote().lock(timeout_us) {
        result = Ok(());
        // Whoever had it may have closed the VM.
        if !inst.is_open() {
            inst.remote().unlock();
            result = Err(status::VM);
        }
    }
    inst.count_waiting(-1);
    result
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_leave(vm: *mut Inst, entry: *mut Stay) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| leave(inst, task, entry)))
}

fn leave(inst: &Inst, task: &Task, entry: *mut Stay) -> Result<(), Status> {
    if entry.is_null() {
        return Err(status::NULL);
    }
    if task.stay.get() != entry.cast() {
        return Err(status::NESTING);
    }
    // SAFETY: it is the storage that `pyr_enter` filled, not yet given back.
    let stay = unsafe { &*entry };
    let mut vm = inst.vm(task);
    refs::drop_frames(inst, task, &mut vm, stay.depth);
    task.depth.set(stay.depth - 1);
    task.stay.set(stay.outer.cast());
    if stay.outer.is_null() {
        refs::set_exception(task, &mut vm, None);
        go_out(task, &mut vm);
    }
    Ok(())
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_unlock(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.map(|(inst, task)| {
        task.outside.set(true);
        inst.count_outside(task, 1);
        inst.vm(task).release();
    }))
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_lock(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::open(vm) }.and_then(|inst| {
        let me = inst.port.task_self().ok_or(status::INTERRUPT)?.get();
        // A task that has not unlocked is told so at once: it does not wait for those who are inside.
        if inst.current(me).is_some() || !inst.may_be_outside(me) {
            return Err(status::NESTING);
        }
        lock(inst, FOREVER)?;
        let Some(task) = inst.attached(me).filter(|task| task.outside.get()) else {
            inst.remote().unlock();
            return Err(status::NESTING);
        };
        come_back(inst, task);
        Ok(())
    }))
}

/// A task that `pyr_unlock` let out holds the lock again.
fn come_back(inst: &Inst, task: &Task) {
    task.outside.set(false);
    inst.count_outside(task, -1);
    inst.vm(task).arrive();
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_push_frame(vm: *mut Inst, room: u32) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        if refs::room(inst) < room as usize || task.depth.get() >= MAX_DEPTH {
            return Err(status::MEMORY);
        }
        task.depth.set(task.depth.get() + 1);
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_pop_frame(vm: *mut Inst) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let depth = task.depth.get();
        // SAFETY: a task that is inside has a stay.
        if unsafe { task.stay.get().cast::<Stay>().as_ref() }.is_none_or(|stay| depth <= stay.depth) {
            return Err(status::NESTING);
        }
        refs::drop_frames(inst, task, &mut inst.vm(task), depth);
        task.depth.set(depth - 1);
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`; `out` is NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_keep(vm: *mut Inst, reference: Ref, out: *mut Ref) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, _)| {
        let value = refs::take(inst, reference)?;
        let kept = refs::give_kept(inst, value)?;
        super::events::serve_posts(inst);
        // SAFETY: checked for NULL.
        unsafe { *out = kept };
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_drop(vm: *mut Inst, reference: Ref) -> Status {
    // SAFETY: the caller's promise.
    inst::done(
        unsafe { Inst::inside(vm) }
            .and_then(|(inst, task)| refs::drop_ref(inst, &mut inst.vm(task), reference)),
    )
}
