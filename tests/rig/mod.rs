//! What the tests of this folder run programs in: a VM over memory that is used again and again, with a console that
//! only listens, no files, and a clock that moves when it is asked or waited for, so that nothing ever takes long.

#![allow(dead_code, reason = "each test file uses its part")]

// The port of the unit tests; it looks for these two in the module above.
#[cfg(feature = "machine-devices")]
pub mod devices;
#[path = "../../src/port/testing.rs"]
pub mod testing;
mod bindings {
    pub use pyrite::port::pyr_port;
}
use pyrite::port::{Port, Region};

use pyrite::runtime::{Config, Runtime};
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, thread};

static CLOCK: AtomicU64 = AtomicU64::new(0);

extern "C" fn clock_us(_: *mut c_void) -> u64 {
    CLOCK.fetch_add(10, Ordering::Relaxed)
}
extern "C" fn wait(_: *mut c_void, _: *mut c_void, timeout_us: u64) -> c_int {
    CLOCK.fetch_add(timeout_us.min(1 << 40), Ordering::Relaxed);
    0
}
extern "C" fn no_input(_: *mut c_void, _: *mut u8, _: usize) -> c_int {
    -1
}

thread_local! {
    /// Where this thread's stack shall end.
    static STACK_END: Cell<usize> = const { Cell::new(0) };
}

/// From here on this thread may use `bytes` of stack.
pub fn limit_stack(bytes: usize) {
    STACK_END.set(here() - bytes);
}
#[inline(never)]
fn here() -> usize {
    let mark = 0u8;
    std::hint::black_box(&raw const mark).addr()
}
extern "C" fn stack_left(_: *mut c_void) -> usize {
    if STACK_END.get() == 0 {
        // Half of what a test's thread has; the other half was perhaps used before.
        limit_stack(1 << 20);
    }
    here().saturating_sub(STACK_END.get())
}

/// A port of this kind and what stands behind it.
pub fn port() -> (Port, &'static testing::Bench) {
    let (_, bench) = testing::port();
    let mut table = testing::table(std::ptr::from_ref(bench).cast_mut().cast());
    table.clock_us = Some(clock_us);
    table.wait = Some(wait);
    table.console_read = Some(no_input);
    table.stack_left = Some(stack_left);
    let table = Box::leak(Box::new(table));
    // SAFETY: both live forever, and the functions keep the contract.
    (unsafe { Port::new(table) }.unwrap(), bench)
}

/// Memory for one VM after the other.
pub struct Rig {
    memory: NonNull<u128>,
    bytes: usize,
    port: Port,
    pub bench: &'static testing::Bench,
}

impl Rig {
    pub fn new(bytes: usize) -> Rig {
        let memory = Box::leak(vec![0u128; bytes / 16].into_boxed_slice());
        let (port, bench) = port();
        Rig { memory: NonNull::from(memory).cast(), bytes, port, bench }
    }
    /// Calls `f` with a new VM, whose stack has `fiber_bytes`.
    pub fn run<T>(&mut self, fiber_bytes: usize, f: impl FnOnce(&mut Runtime) -> T) -> T {
        self.bench.output.lock().unwrap().clear();
        // SAFETY: the memory is this rig's alone, and the VM of the run before is gone.
        let region = unsafe { Region::new(self.memory.cast(), self.bytes) };
        let Ok(mut rt) = Runtime::open(region, self.port, &Config { fiber_bytes, ..Config::default() })
        else {
            panic!("not enough memory");
        };
        f(&mut rt)
    }
    pub fn output(&self) -> String {
        self.bench.output_text()
    }
}

/// A random number below `n` after each other; the same for the same seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// The repository's folder; `fuzz/` lies below it and uses this file too.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().filter(|_| here.ends_with("fuzz")).unwrap_or(here).to_path_buf()
}

/// The texts of the programs in `tests/FOLDER` and the folders in it.
pub fn programs(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    add_programs(&root().join("tests").join(folder), &mut found);
    found.sort();
    found
}

fn add_programs(folder: &Path, to: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_programs(&path, to);
        } else if path.extension().is_some_and(|e| e == "py") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            to.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The number in this variable, or `otherwise`.
pub fn count(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

/// Where what went wrong is kept, to be looked at.
pub fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = root().join("target/fuzz/running");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// The file of the running round: still there if the round takes the test down with it.
pub struct Running(fs::File);

impl Running {
    pub fn new(name: &str) -> Running {
        Running(fs::File::create(keep(name, b"")).unwrap())
    }
    /// Overwrites it in place, which costs the disk nothing.
    pub fn set(&self, bytes: &[u8]) {
        self.0.write_all_at(bytes, 0).unwrap();
        self.0.set_len(bytes.len() as u64).unwrap();
    }
}

/// Ends the test when one and the same round takes longer than five minutes.
pub struct Watch(&'static AtomicUsize);

impl Watch {
    pub fn start() -> Watch {
        let round: &'static AtomicUsize = Box::leak(Box::new(AtomicUsize::new(0)));
        thread::spawn(move || {
            let mut seen = usize::MAX;
            loop {
                thread::sleep(Duration::from_secs(300));
                let now = round.load(Ordering::Relaxed);
                if now == seen {
                    eprintln!("round {now} hangs");
                    std::process::abort();
                }
                seen = now;
            }
        });
        Watch(round)
    }
    /// Round `n` begins.
    pub fn round(&self, n: usize) {
        self.0.store(n, Ordering::Relaxed);
    }
}
