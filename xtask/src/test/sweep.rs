//! Each allocation of a program fails in turn, in two ways.
//!
//! - once (`-X oom-once=N`): the N-th allocation fails, the VM collects and tries again: the output must be complete;
//! - from (`-X oom-from=N`): the N-th and all later ones fail: the program must end with MemoryError (or without
//!   it, if the rest needs no memory), and what it printed until then must be the beginning of its output. Programs of
//!   `tests/conformance` and `tests/stackless` catch exceptions of every sort, so of them only the next point is asked.
//!
//! After either the host program stops the failures, verifies the heap (status 70 if it is damaged) and runs a second
//! program in the same VM (`-X after=FILE`). It says on stderr `allocation N not reached` when N was too large, which
//! ends the sweep. For `tests/microbit` every N to 500 is tried, then a sample, for the others a sample; `cargo xtask sweep
//! PROGRAM` tries every one. A tag `# not with oom: REASON` keeps out programs that look at memory itself.

use super::oracle::{self, Program};
use super::programs::checked_pyrite;
use super::tally::Tally;
use crate::sh::{self, Outcome};
use std::time::{Duration, Instant};

/// For these programs every allocation up to this number fails in the gate.
const EVERY: u32 = 500;
const END: u32 = 1_000_000;
const AFTER: &str = "next program runs\n";

/// The folders swept, whether they have areas, and which allocations fail there in the gate.
const SETS: &[(&str, bool, Sample)] = &[
    ("tests/microbit", false, Sample::First(EVERY)),
    ("tests/stackless", false, Sample::Few),
    ("tests/conformance", true, Sample::Few),
];

#[derive(Clone, Copy)]
enum Sample {
    All,
    /// Every one up to this number, then each seventh more.
    First(u32),
    /// Some, others for each program: each is four times the one before.
    Few,
}

impl Sample {
    fn first(self, name: &str) -> u32 {
        match self {
            Sample::Few => 1 + name.bytes().fold(0u32, |h, b| h.wrapping_mul(31).wrapping_add(b.into())) % 40,
            _ => 1,
        }
    }
    fn after(self, n: u32) -> u32 {
        match self {
            Sample::All => n + 1,
            Sample::First(every) if n < every => n + 1,
            Sample::First(_) => n + n / 7,
            Sample::Few => n * 4,
        }
    }
}

pub fn sweep(tally: &mut Tally) {
    for (folder, areas, sample) in SETS {
        let programs = programs(folder, *areas);
        let results =
            oracle::in_parallel(&programs, |program| sweep_program(program, *sample, strict(folder)));
        for (program, result) in programs.iter().zip(results) {
            record(tally, program, result);
        }
    }
}

fn programs(folder: &str, areas: bool) -> Vec<Program> {
    let mut programs = oracle::programs(folder, areas);
    programs.retain(|program| program.tag("not with oom").is_none());
    programs
}

/// Whether the folder's programs let every exception through.
fn strict(folder: &str) -> bool {
    folder == "tests/microbit"
}

/// `cargo xtask sweep PROGRAM...`: every allocation of these programs, without sampling; without words, of all. Where it can,
/// a run forks at each (`fuzz/src/sweep.rs`); what needs files or a command line is run from its start each time.
pub fn sweep_fully(words: &[String]) -> Outcome {
    let forked = sh::run(sh::command(&crate::fuzz::build()?.display().to_string()).arg("sweep").args(words));
    let mut tally = Tally::default();
    for (folder, areas, _) in SETS {
        let mut programs = programs(folder, *areas);
        programs.retain(|p| p.tag("needs").is_some() && (words.is_empty() || words.contains(&p.name)));
        let results = oracle::in_parallel(&programs, |program| {
            let begun = Instant::now();
            let result = sweep_program(program, Sample::All, strict(folder));
            println!("{} {:.1} s", program.name, begun.elapsed().as_secs_f32());
            result
        });
        for (program, result) in programs.iter().zip(results) {
            record(&mut tally, program, result);
        }
    }
    println!("from their start: {} passed, {} failed", tally.passed, tally.failed());
    if tally.failed() == 0 { forked } else { Err("the sweep found failures".into()) }
}

/// How many runs were right, and the first few that were not.
struct Swept {
    passed: usize,
    failures: Vec<String>,
}

fn record(tally: &mut Tally, program: &Program, swept: Outcome<Swept>) {
    match swept {
        Ok(swept) => {
            tally.passed += swept.passed;
            for line in swept.failures {
                tally.fail(&format!("{}: {line}", program.name));
            }
        }
        Err(why) => tally.fail(&format!("{}: {why}", program.name)),
    }
}

fn sweep_program(program: &Program, sample: Sample, strict: bool) -> Outcome<Swept> {
    let expected = program.expected()?;
    let mut swept = Swept { passed: 0, failures: Vec::new() };
    for mode in ["once", "from"] {
        let first = sample.first(&program.name);
        let mut n = first;
        while n < END && swept.failures.len() < 5 {
            match one(program, mode, n, &expected, strict) {
                Ok(true) => swept.passed += 1,
                Ok(false) => break,
                Err(why) => swept.failures.push(format!("oom-{mode}={n}: {why}")),
            }
            n = sample.after(n);
        }
        if n == 1 && swept.failures.is_empty() {
            return Err(format!("oom-{mode}: the first allocation was not reached"));
        }
    }
    Ok(swept)
}

/// One run; `false` when the program made fewer than `n` allocations.
fn one(program: &Program, mode: &str, n: u32, expected: &str, strict: bool) -> Outcome<bool> {
    let after = sh::root().join("tests").join("sweep").join("after.py");
    let mut command = checked_pyrite();
    command.args(["-X", &format!("oom-{mode}={n}"), "-X", &format!("after={}", after.display())]);
    // What a run before was kept from taking away.
    let left = program.path.with_extension("tmp");
    let _ = std::fs::remove_dir_all(&left).or_else(|_| std::fs::remove_file(&left));
    let run = program.run(&mut command, Duration::from_secs(300))?;
    if run.err.contains("not reached") {
        return Ok(false);
    }
    let Some(out) = run.out.strip_suffix(AFTER).filter(|_| run.status == Some(0)) else {
        let why = run.err.lines().last().unwrap_or("no message").to_string();
        return Err(format!("the VM did not go on (status {:?}; {why})", run.status));
    };
    if mode == "once" && out != expected {
        return Err(format!(
            "the output is not complete; {}",
            run.err.lines().last().unwrap_or("no message")
        ));
    }
    if mode == "from" && !strict {
        return Ok(true);
    }
    if !expected.starts_with(out) {
        return Err("the output is not the beginning of the expected one".into());
    }
    if out != expected && !run.err.contains("MemoryError") {
        return Err(format!("no MemoryError: {}", run.err.lines().last().unwrap_or("no message")));
    }
    Ok(true)
}
