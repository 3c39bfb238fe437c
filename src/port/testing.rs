//! A port over std for unit tests: real clock, locks and files in memory, a console that tests fill and read.

extern crate std;
use super::bindings::pyr_port;
use super::{Port, Region};
use core::ptr::NonNull;
use cty::{c_char, c_int, c_void};
use std::boxed::Box;
use std::collections::VecDeque;
use std::string::String;
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};
use std::vec::Vec;

/// What the port's `user` points to: one per test, so tests run in parallel.
pub struct Bench {
    start: Instant,
    pub input: Mutex<VecDeque<u8>>,
    pub output: Mutex<Vec<u8>>,
    /// What `stack_left` answers.
    pub stack: core::sync::atomic::AtomicUsize,
}

impl Bench {
    pub fn output_text(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().unwrap()).into_owned()
    }
}

/// A new port and what stands behind it. Leaks a few hundred bytes per call: a port lives as long as the program.
pub fn port() -> (Port, &'static Bench) {
    let bench: &'static Bench = Box::leak(Box::new(Bench {
        start: Instant::now(),
        input: Mutex::default(),
        output: Mutex::default(),
        stack: core::sync::atomic::AtomicUsize::new(usize::MAX),
    }));
    let table = Box::leak(Box::new(table(core::ptr::from_ref(bench).cast_mut().cast())));
    // SAFETY: both live forever, and the functions below keep the contract.
    (unsafe { Port::new(table) }.unwrap(), bench)
}

/// Memory for a test's VM, 16-byte aligned, never freed.
pub fn region(len: usize) -> Region {
    let memory = Box::leak(std::vec![0u128; len.div_ceil(16)].into_boxed_slice());
    // SAFETY: leaked just now, so it is ours alone and stays.
    unsafe { Region::new(NonNull::from(memory).cast(), len) }
}

/// The table that `port` uses, for tests that break it.
pub fn table(user: *mut c_void) -> pyr_port {
    pyr_port {
        abi_size: size_of::<pyr_port>() as u32,
        mutex_size: size_of::<Flag>() as u16,
        mutex_align: align_of::<Flag>() as u16,
        wake_size: size_of::<Flag>() as u16,
        wake_align: align_of::<Flag>() as u16,
        task_size: 0,
        task_align: 1,
        stack_align: 16,
        console: 0,
        slice_us: 1000,
        clock_us: Some(clock_us),
        cpu_ticks: None,
        epoch_us: None,
        mutex_init: Some(flag_init_set),
        mutex_lock: Some(flag_wait),
        mutex_unlock: Some(flag_set),
        mutex_end: Some(flag_end),
        wake_init: Some(flag_init_clear),
        wake: Some(flag_set),
        wait: Some(flag_wait),
        wake_end: Some(flag_end),
        task_self: Some(task_self),
        yield_now: Some(yield_now),
        stack_left: Some(stack_left),
        task_create: None,
        task_end: None,
        task_reap: None,
        console_read: Some(console_read),
        console_write: Some(console_write),
        console_notify: Some(console_notify),
        critical_enter: Some(critical_enter),
        critical_exit: Some(critical_exit),
        entropy: None,
        variable_get: None,
        variable_set: None,
        running: None,
        fatal: Some(fatal),
        files: core::ptr::null(),
        user,
    }
}

/// One bit with a condition variable: set means "unlocked" for a mutex, "woken" for a wake object.
struct Flag {
    bit: Mutex<bool>,
    changed: Condvar,
}

fn bench(user: *mut c_void) -> &'static Bench {
    // SAFETY: `port` leaked it.
    unsafe { &*user.cast() }
}

fn flag<'a>(place: *mut c_void) -> &'a Flag {
    // SAFETY: `flag_init` wrote one there.
    unsafe { &*place.cast() }
}

fn flag_init(place: *mut c_void, bit: bool) -> c_int {
    // SAFETY: the caller gives storage of a Flag's size and alignment.
    unsafe { place.cast::<Flag>().write(Flag { bit: Mutex::new(bit), changed: Condvar::new() }) };
    0
}

extern "C" fn flag_init_set(_: *mut c_void, place: *mut c_void) -> c_int {
    flag_init(place, true)
}

extern "C" fn flag_init_clear(_: *mut c_void, place: *mut c_void) -> c_int {
    flag_init(place, false)
}

extern "C" fn flag_set(_: *mut c_void, place: *mut c_void) {
    *flag(place).bit.lock().unwrap() = true;
    flag(place).changed.notify_one();
}

extern "C" fn flag_wait(_: *mut c_void, place: *mut c_void, timeout_us: u64) -> c_int {
    let wait = Duration::from_micros(timeout_us.min(1 << 40));
    let guard = flag(place).bit.lock().unwrap();
    let (mut bit, _) = flag(place).changed.wait_timeout_while(guard, wait, |bit| !*bit).unwrap();
    core::mem::take(&mut *bit).into()
}

extern "C" fn flag_end(_: *mut c_void, place: *mut c_void) {
    // SAFETY: nobody uses it any more.
    unsafe { place.cast::<Flag>().drop_in_place() };
}

extern "C" fn clock_us(user: *mut c_void) -> u64 {
    bench(user).start.elapsed().as_micros() as u64
}

extern "C" fn task_self(_: *mut c_void) -> usize {
    std::thread_local!(static MARK: u8 = const { 0 });
    MARK.with(|mark| core::ptr::from_ref(mark) as usize)
}

extern "C" fn yield_now(_: *mut c_void) {
    std::thread::yield_now();
}

extern "C" fn stack_left(user: *mut c_void) -> usize {
    bench(user).stack.load(core::sync::atomic::Ordering::Relaxed)
}

extern "C" fn console_read(user: *mut c_void, buf: *mut u8, len: usize) -> c_int {
    let mut input = bench(user).input.lock().unwrap();
    let count = input.len().min(len);
    for (i, byte) in input.drain(..count).enumerate() {
        // SAFETY: i < len, and the caller gave len bytes.
        unsafe { buf.add(i).write(byte) };
    }
    count as c_int
}

extern "C" fn console_write(user: *mut c_void, buf: *const u8, len: usize) -> c_int {
    // SAFETY: the caller gave len bytes.
    let bytes = unsafe { core::slice::from_raw_parts(buf, len) };
    bench(user).output.lock().unwrap().extend_from_slice(bytes);
    len as c_int
}

extern "C" fn console_notify(_: *mut c_void, _: *mut c_void) {}

static CRITICAL: core::sync::atomic::AtomicBool = core::sync::atomic::AtomicBool::new(false);
std::thread_local!(static DEPTH: core::cell::Cell<usize> = const { core::cell::Cell::new(0) });

extern "C" fn critical_enter(_: *mut c_void) -> usize {
    use core::sync::atomic::Ordering;
    let depth = DEPTH.replace(DEPTH.get() + 1);
    while depth == 0 && CRITICAL.swap(true, Ordering::Acquire) {
        std::thread::yield_now();
    }
    depth
}

extern "C" fn critical_exit(_: *mut c_void, state: usize) {
    DEPTH.set(state);
    if state == 0 {
        CRITICAL.store(false, core::sync::atomic::Ordering::Release);
    }
}

extern "C" fn fatal(_: *mut c_void, reason: *const c_char) {
    // SAFETY: the contract says a line with a NUL.
    let reason = unsafe { core::ffi::CStr::from_ptr(reason.cast()) };
    std::eprintln!("fatal: {}", reason.to_string_lossy());
    std::process::abort();
}
