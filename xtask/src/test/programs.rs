//! Python programs on the host: the conformance set in three collector modes, the stackless set, the wishes.

use super::oracle::{self, Program};
use super::tally::Tally;
use crate::sh::{self, Outcome};
use std::process::Command;
use std::time::Duration;

/// A collector mode and the program's options for it. Without collections a program needs room for all its garbage.
const MODES: &[(&str, &[&str])] = &[
    ("normal", &["-X", "gc=normal"]),
    ("never", &["-X", "gc=never", "-X", "heapsize=256M"]),
    ("always", &["-X", "gc=always"]),
];

pub fn pyrite() -> Command {
    Command::new(sh::target_dir().join("release").join("pyrite"))
}

/// The same with every heap access checked; in the mode `always` it also collects wherever an allocation might.
pub fn checked_pyrite() -> Command {
    Command::new(sh::target_dir().join("checked").join("debug").join("pyrite"))
}

pub fn conformance(tally: &mut Tally) {
    run_set("tests/conformance", true, MODES, tally);
    // Only the checked program has the feature that no level holds.
    run_set("tests/annotations", false, &MODES[2..], tally);
}

pub fn stackless(tally: &mut Tally) {
    run_set("tests/stackless", false, &MODES[..1], tally);
    run_set("tests/microbit", false, MODES, tally);
}

fn run_set(folder: &str, areas: bool, modes: &[(&str, &[&str])], tally: &mut Tally) {
    let programs = oracle::programs(folder, areas);
    if programs.is_empty() {
        return tally.fail(&format!("{folder}: no programs"));
    }
    let results = oracle::in_parallel(&programs, |program| in_modes(program, modes));
    for (program, results) in programs.iter().zip(results) {
        for (mode, outcome) in results {
            tally.check(&format!("{} [{mode}]", program.name), outcome);
        }
    }
}

fn in_modes<'a>(program: &Program, modes: &[(&'a str, &[&str])]) -> Vec<(&'a str, Outcome)> {
    let expected = match program.expected() {
        Ok(text) => text,
        Err(why) => return vec![("oracle", Err(why))],
    };
    let allowed = modes.iter().filter(|(mode, _)| program.tag(&format!("not with gc={mode}")).is_none());
    let one = |mode: &str, options: &[&str]| {
        let mut command = if mode == "always" { checked_pyrite() } else { pyrite() };
        let run = program.run(command.args(options), Duration::from_secs(600))?;
        oracle::compare(&expected, &run)
    };
    allowed.map(|(mode, options)| (*mode, one(mode, options))).collect()
}

/// A wish that came true is a failure here: its program belongs into tests/conformance now.
pub fn wish(tally: &mut Tally) {
    let programs = oracle::programs("tests/wish", false);
    for program in &programs {
        match in_modes(program, &MODES[..1]).pop() {
            Some((_, Err(_))) => tally.pass(),
            _ => tally.fail(&format!("{}: passes; move it to tests/conformance", program.name)),
        }
    }
}
