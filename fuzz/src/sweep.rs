//! Each allocation of a program fails in turn: at every one the process forks, and in the child that one fails.
//!
//! Two children for each allocation: in one it fails once, in the other it and all later ones do. What a child must show is
//! what `docs/TESTING.md` says of `-X oom-once` and `-X oom-from`; with the heap checked at every access. So a sweep costs
//! what lies behind each failure, not the whole program each time.
//!
//! A child in which one allocation failed goes on for `FAR` allocations more (one of `WHOLE` to its end, and there the heap
//! is verified and the next program runs); its output must be right until there.

use crate::rig::{self, Rig};
use pyrite::compile::Mode;
use pyrite::heap::TypeId;
use pyrite::runtime::Runtime;
use std::fs;
use std::sync::Mutex;
use std::time::Instant;

const HEAP: usize = 2 << 20;
const FIBER: usize = 64 << 10;
const FAR: u32 = 2000;
const WHOLE: u32 = 16;
/// Seconds that a child may take.
const LONGEST: u32 = 120;
const AFTER: &str = "next program runs";

/// The folders swept, and whether their programs let every exception through.
const SETS: &[(&str, bool)] = &[("microbit", true), ("stackless", false), ("conformance", false)];

// The part of libc that this needs.
unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    fn alarm(seconds: u32) -> u32;
    fn _exit(status: i32) -> !;
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Part {
    /// The run before: what is printed, and how many allocations there are.
    Count,
    /// Forks at each.
    Parent,
    Once,
    From,
}

struct Sweep {
    part: Part,
    /// The allocation we are at; in a child the one that failed.
    at: u32,
    left: u32,
    expected: Vec<u8>,
    children: Vec<(i32, Part, u32)>,
    most: usize,
    runs: usize,
    failures: Vec<String>,
    bench: Option<&'static rig::testing::Bench>,
}

static SWEEP: Mutex<Sweep> = Mutex::new(Sweep {
    part: Part::Count,
    at: 0,
    left: 0,
    expected: Vec::new(),
    children: Vec::new(),
    most: 1,
    runs: 0,
    failures: Vec::new(),
    bench: None,
});

/// What the heap asks at each allocation.
fn probe() -> bool {
    let mut sweep = SWEEP.lock().unwrap();
    match sweep.part {
        Part::Count => sweep.at += 1,
        Part::Parent => {
            sweep.at += 1;
            return [Part::Once, Part::From].into_iter().any(|part| sweep.fork(part));
        }
        Part::Once => {
            sweep.left = sweep.left.saturating_sub(1);
            if sweep.left == 0 && sweep.at % WHOLE != 0 {
                let printed =
                    sweep.bench.map(|bench| bench.output.lock().unwrap().clone()).unwrap_or_default();
                let right = sweep.expected.starts_with(&printed);
                sweep.leave(if right { Ok(()) } else { Err("the output is not right".to_string()) });
            }
        }
        Part::From => return true,
    }
    false
}

impl Sweep {
    /// Whether this is the child.
    fn fork(&mut self, part: Part) -> bool {
        while self.children.len() >= self.most {
            self.reap();
        }
        // SAFETY: the process has this one thread, so the child can go on as it is.
        match unsafe { fork() } {
            0 => {
                // SAFETY: nothing handles the signal: it ends a child that hangs.
                unsafe { alarm(LONGEST) };
                (self.part, self.left) = (part, FAR);
                // Where the allocation is made that `SWEEP_AT` names, for who looks for a fault.
                if std::env::var("SWEEP_AT").is_ok_and(|n| n == self.at.to_string()) {
                    eprintln!("{}", std::backtrace::Backtrace::force_capture());
                }
                true
            }
            child => {
                assert!(child > 0, "no more processes");
                self.children.push((child, part, self.at));
                self.runs += 1;
                false
            }
        }
    }
    /// The end of a child.
    fn leave(&self, done: Result<(), String>) -> ! {
        if let Err(why) = &done {
            eprintln!("{:?} {}: {why}", self.part, self.at);
        }
        // SAFETY: ends the process without what the parent wants to do at its own end.
        unsafe { _exit(i32::from(done.is_err())) }
    }
    /// Waits until one child has ended.
    fn reap(&mut self) {
        let mut status = 0;
        // SAFETY: `status` is there for the call.
        let pid = unsafe { waitpid(-1, &raw mut status, 0) };
        if let Some(at) = self.children.iter().position(|child| child.0 == pid) {
            let (_, part, n) = self.children.swap_remove(at);
            if status != 0 {
                let how = if status & 0x7f == 0 { "a wrong end" } else { "a signal" };
                self.failures.push(format!("{part:?} {n}: {how} ({status:#x})"));
            }
        }
    }
}

/// Runs the program to its end; what it printed, and whether it ended in `MemoryError`.
fn run(rt: &mut Runtime, text: &str) -> (Vec<u8>, bool) {
    let bench = SWEEP.lock().unwrap().bench.unwrap();
    bench.output.lock().unwrap().clear();
    rt.vm().heap_mut().set_probe(Some(probe));
    let failed = rt.run_text(text.as_bytes(), "program", Mode::File).is_err();
    rt.vm().heap_mut().set_probe(None);
    let printed = bench.output.lock().unwrap().clone();
    let e = rt.exception().filter(|_| failed);
    (printed, e.is_some_and(|e| rt.vm().exception_is(e, TypeId::MemoryError)))
}

fn check(rt: &mut Runtime, after: &str, printed: &[u8], no_memory: bool, strict: bool) -> Result<(), String> {
    let (part, bench, expected) = {
        let sweep = SWEEP.lock().unwrap();
        (sweep.part, sweep.bench.unwrap(), sweep.expected.clone())
    };
    if part == Part::Once && printed != expected {
        let text = String::from_utf8_lossy(printed);
        let wanted = String::from_utf8_lossy(&expected);
        let line = text.lines().zip(wanted.lines()).find(|(a, b)| a != b);
        return Err(format!("the output is not complete: {line:?}"));
    }
    if part == Part::From && strict && !expected.starts_with(printed) {
        return Err("the output is not the beginning of the expected one".to_string());
    }
    if part == Part::From && strict && expected != printed && !no_memory {
        return Err("no MemoryError".to_string());
    }
    rt.vm().heap().verify().map_err(|fault| format!("the heap is damaged: {fault:?}"))?;
    bench.output.lock().unwrap().clear();
    let failed = rt.run_text(after.as_bytes(), "after", Mode::File).is_err();
    // What finalizers of the program before print may come first.
    if failed || !bench.output_text().trim_end().ends_with(AFTER) {
        Err("the VM did not go on".to_string())
    } else {
        Ok(())
    }
}

/// Sweeps the programs of these names (`NAME` or `AREA/NAME`), or all; not those that need what this port lacks (`# needs:
/// …`), which `cargo xtask sweep` runs from their start each time.
pub fn sweep(names: &[String]) -> Result<(), String> {
    rig::limit_stack(4 << 20);
    let after =
        fs::read_to_string(rig::root().join("tests/sweep/after.py")).map_err(|why| why.to_string())?;
    let mut rig = Rig::new(HEAP);
    {
        let mut sweep = SWEEP.lock().unwrap();
        sweep.bench = Some(rig.bench);
        sweep.most = std::thread::available_parallelism().map_or(1, usize::from);
    }
    let (mut programs, mut allocations, mut runs, mut failed) = (0, 0, 0, 0);
    for (folder, strict) in SETS {
        for (name, text) in rig::programs(folder) {
            let left_out = ["# needs: ", "# not with oom: "].iter().any(|tag| text.contains(tag));
            let stem = name.trim_end_matches(".py");
            let wanted = names.is_empty() || names.iter().any(|n| stem.ends_with(&format!("/{n}")));
            if left_out || !wanted {
                continue;
            }
            let begun = Instant::now();
            let swept = program(&mut rig, &text, &after, *strict)?;
            println!(
                "{name} {} allocations, {} runs, {} failures, {:.1} s",
                swept.0,
                swept.1,
                swept.2.len(),
                begun.elapsed().as_secs_f32()
            );
            for line in &swept.2 {
                println!("FAILED {name} {line}");
            }
            programs += 1;
            allocations += swept.0;
            runs += swept.1;
            failed += swept.2.len();
        }
    }
    println!("{programs} programs, {allocations} allocations, {runs} runs, {failed} failures");
    if failed == 0 { Ok(()) } else { Err("the sweep found failures".to_string()) }
}

/// Allocations, runs, failures of one program.
fn program(
    rig: &mut Rig,
    text: &str,
    after: &str,
    strict: bool,
) -> Result<(u32, usize, Vec<String>), String> {
    let mut first = None;
    for part in [Part::Count, Part::Parent] {
        {
            let mut sweep = SWEEP.lock().unwrap();
            (sweep.part, sweep.at) = (part, 0);
            sweep.runs = 0;
            sweep.failures.clear();
        }
        let printed = rig.run(FIBER, |rt| {
            let (printed, no_memory) = run(rt, text);
            let part = SWEEP.lock().unwrap().part;
            if part == Part::Once || part == Part::From {
                let done = check(rt, after, &printed, no_memory, strict);
                SWEEP.lock().unwrap().leave(done);
            }
            printed
        });
        let mut sweep = SWEEP.lock().unwrap();
        while !sweep.children.is_empty() {
            sweep.reap();
        }
        match &first {
            None => {
                sweep.expected.clone_from(&printed);
                first = Some(printed);
            }
            Some(first) if *first != printed => {
                sweep.failures.push("the same run prints something else".to_string())
            }
            Some(_) => (),
        }
    }
    let mut sweep = SWEEP.lock().unwrap();
    Ok((sweep.at, sweep.runs, std::mem::take(&mut sweep.failures)))
}
