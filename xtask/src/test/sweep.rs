//! Each allocation of a program fails in turn, in two ways.
//!
//! - once (`-X oom-once=N`): the N-th allocation fails, the VM collects and tries again: the output must be complete;
//! - from (`-X oom-from=N`): the N-th and all later ones fail: the program must end with MemoryError (or without
//!   it, if the rest needs no memory), and what it printed until then must be the beginning of its output.
//!
//! After either the host program stops the failures, verifies the heap (status 70 if it is damaged) and runs a second
//! program in the same VM (`-X after=FILE`). It says on stderr `allocation N not reached` when N was too large, which
//! ends the sweep. Every N to 500 is tried, then a sample; `cargo xtask sweep PROGRAM` tries every one.

use super::oracle::{self, Program};
use super::programs::checked_pyrite;
use super::tally::Tally;
use crate::sh::Outcome;
use std::time::Duration;

const EVERY: u32 = 500;
const END: u32 = 1_000_000;
const AFTER: &str = "next program runs\n";

pub fn sweep(tally: &mut Tally) {
    let programs = oracle::programs("tests/microbit", false);
    let results = oracle::in_parallel(&programs, |program| sweep_program(program, false));
    for (program, result) in programs.iter().zip(results) {
        record(tally, program, result);
    }
}

/// `cargo xtask sweep PROGRAM...`: every allocation of these programs of tests/microbit, without sampling.
pub fn sweep_fully(words: &[String]) -> Outcome {
    let mut tally = Tally::default();
    let programs = oracle::programs("tests/microbit", false);
    for program in programs.iter().filter(|p| words.is_empty() || words.contains(&p.name)) {
        println!("== {}", program.name);
        record(&mut tally, program, sweep_program(program, true));
    }
    println!("\n{} passed, {} failed", tally.passed, tally.failed());
    if tally.failed() == 0 { Ok(()) } else { Err("the sweep found failures".into()) }
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

fn sweep_program(program: &Program, fully: bool) -> Outcome<Swept> {
    let expected = program.expected()?;
    let mut swept = Swept { passed: 0, failures: Vec::new() };
    for mode in ["once", "from"] {
        let mut n = 1;
        while n < END && swept.failures.len() < 5 {
            match one(program, mode, n, &expected) {
                Ok(true) => swept.passed += 1,
                Ok(false) => break,
                Err(why) => swept.failures.push(format!("oom-{mode}={n}: {why}")),
            }
            n += if fully || n < EVERY { 1 } else { n / 7 };
        }
        if n == 1 && swept.failures.is_empty() {
            return Err(format!("oom-{mode}: the first allocation was not reached"));
        }
    }
    Ok(swept)
}

/// One run; `false` when the program made fewer than `n` allocations.
fn one(program: &Program, mode: &str, n: u32, expected: &str) -> Outcome<bool> {
    let after = crate::sh::root().join("tests").join("sweep").join("after.py");
    let mut command = checked_pyrite();
    command.args(["-X", &format!("oom-{mode}={n}"), "-X", &format!("after={}", after.display())]);
    let run = program.run(&mut command, Duration::from_secs(60))?;
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
    if !expected.starts_with(out) {
        return Err("the output is not the beginning of the expected one".into());
    }
    if out != expected && !run.err.contains("MemoryError") {
        return Err(format!("no MemoryError: {}", run.err.lines().last().unwrap_or("no message")));
    }
    Ok(true)
}
