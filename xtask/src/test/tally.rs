//! What a step counts: tests that passed, and a line for each that failed.

use crate::sh::{self, Outcome};
use std::process::{Command, Stdio};

#[derive(Default)]
pub struct Tally {
    /// What of the step is asked for: the tests whose name begins so. Only `boards` has parts.
    pub part: String,
    pub passed: usize,
    pub failures: Vec<String>,
    /// Things that a reader should know though nothing failed, such as a test that could not apply here.
    pub notes: Vec<String>,
}

impl Tally {
    pub fn failed(&self) -> usize {
        self.failures.len()
    }

    pub fn pass(&mut self) {
        self.passed += 1;
    }

    pub fn fail(&mut self, line: &str) {
        println!("   FAILED {line}");
        self.failures.push(line.lines().next().unwrap_or_default().to_string());
    }

    pub fn note(&mut self, line: String) {
        println!("   note: {line}");
        self.notes.push(line);
    }

    /// One test that either succeeded or says why not.
    pub fn check(&mut self, name: &str, outcome: Outcome) {
        match outcome {
            Ok(()) => self.pass(),
            Err(why) => self.fail(&format!("{name}: {why}")),
        }
    }

    /// `cargo test` with these words, each of its tests counted.
    pub fn cargo_test(&mut self, words: &[&str]) {
        self.tests(sh::cargo().arg("test").args(words));
    }

    /// A command that ends each test binary with `test result: ok. N passed; M failed; …`.
    pub fn tests(&mut self, command: &mut Command) {
        let name = command.get_args().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
        let out = match command.stdin(Stdio::null()).output() {
            Ok(out) => out,
            Err(why) => return self.fail(&format!("{name}: cannot start: {why}")),
        };
        let text = String::from_utf8_lossy(&out.stdout);
        let mut failed = 0;
        for line in text.lines().filter(|line| line.starts_with("test result:")) {
            let number = |word: &str| {
                let before = line.split(word).next()?;
                before.trim_end().rsplit(' ').next()?.parse::<usize>().ok()
            };
            self.passed += number(" passed").unwrap_or(0);
            failed += number(" failed").unwrap_or(0);
        }
        for line in text.lines().filter(|line| line.starts_with("test ") && line.ends_with("... FAILED")) {
            self.fail(line.trim_start_matches("test ").trim_end_matches(" ... FAILED"));
        }
        if !out.status.success() {
            println!("{text}\n{}", String::from_utf8_lossy(&out.stderr));
            if failed == 0 {
                self.fail(&format!("{name}: {}", out.status));
            }
        }
    }
}
