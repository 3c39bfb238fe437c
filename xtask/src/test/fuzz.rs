//! A short run of each fuzzing target: what once went wrong, the committed corpus, and some inputs more.

use super::tally::Tally;
use crate::sh;

/// A target and how many inputs it gets; a program is 40 small ones, each compared with CPython.
const RUNS: &[(&str, &str)] = &[("source", "6000"), ("mpy", "6000"), ("programs", "15")];

pub fn fuzz(tally: &mut Tally) {
    let mut fmt = sh::cargo();
    tally.check(
        "fuzz is formatted",
        sh::run(fmt.args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])),
    );
    let program = match crate::fuzz::build() {
        Ok(program) => program.display().to_string(),
        Err(why) => return tally.fail(&format!("fuzz: {why}")),
    };
    for (target, runs) in RUNS {
        tally.check(target, sh::run(sh::command(&program).args([target, "--runs", runs])));
    }
}
